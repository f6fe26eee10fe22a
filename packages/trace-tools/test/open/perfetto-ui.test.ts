// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { openTrace } from '@dynamo-agent/trace-processor'
import { describe, expect, it } from 'vitest'
import { convertTrace } from '../../src/convert.ts'
import { describeUi } from '../../src/open/perfetto-ui.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Command {
  readonly id: string
  readonly args: readonly string[]
}

/** What the UI reads from its address, as its router does. */
function commandsOf(address: string): Command[] {
  const query = new URLSearchParams(new URL(address).hash.replace('#!/?', ''))
  return JSON.parse(query.get('startupCommands') ?? '') as Command[]
}

describe('the address of a Perfetto UI', () => {
  it('in a frame leaves out the menus, in a tab it has them', () => {
    const { origin, embeddedAddress, tabAddress } = describeUi('https://ui.perfetto.dev')
    expect(origin).toBe('https://ui.perfetto.dev')
    expect(embeddedAddress).toMatch(/^https:\/\/ui\.perfetto\.dev\/#!\/\?mode=embedded&startupCommands=/)
    expect(tabAddress).toMatch(/^https:\/\/ui\.perfetto\.dev\/#!\/\?startupCommands=/)
  })

  it.each([
    ['http://127.0.0.1:10000', 'http://127.0.0.1:10000', 'http://127.0.0.1:10000/#!/'],
    ['https://tools.example/perfetto/', 'https://tools.example', 'https://tools.example/perfetto/#!/'],
    ['https://tools.example/perfetto/?x=1#y', 'https://tools.example', 'https://tools.example/perfetto/#!/'],
  ])('may be a copy of its own: %s', (uiUrl, origin, start) => {
    const ui = describeUi(uiUrl)
    expect(ui.origin).toBe(origin)
    expect(ui.embeddedAddress.startsWith(start)).toBe(true)
  })

  const noAddresses = ['ui.perfetto.dev', 'javascript:alert(1)', 'file:///tmp/ui', 'data:text/html,x', '']
  it.each(noAddresses)('is not %j', (uiUrl) => {
    expect(() => describeUi(uiUrl)).toThrow(expect.objectContaining({ code: 'DYN_INVALID_OPTION' }) as Error)
  })
})

describe('what the UI is asked for', () => {
  it('names tracks that a timeline has, and unfolds the one session', async () => {
    const output = join(temporaryFolder(), 'out.pftrace')
    const { summary } = await convertTrace({ inputs: [join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl')], output })
    const [session = ''] = summary.sessionIds
    using trace = await openTrace(output)
    const names = trace.trackTree().flatMap(({ name }) => name ?? [])
    const commands = commandsOf(describeUi('https://ui.example', session).tabAddress)
    const matching = (pattern = '') => names.filter((name) => new RegExp(pattern).test(name))
    expect(commands.map(({ id, args }) => [id, matching(args[0])])).toEqual([
      ['dev.perfetto.PinTracksByRegex', ['LLM requests in flight', 'tool calls in flight', 'router queue depth']],
      ['dev.perfetto.ExpandTracksByRegex', ['Dynamo trace']],
      ['dev.perfetto.ExpandTracksByRegex', [`session ${session}`]],
      ['dev.perfetto.ExpandTracksByRegex', names.filter((name) => name.startsWith('trajectory '))],
    ])
  })

  it('takes a session by its name, whatever is in it', () => {
    const session = 'a.b*c+(d)[e]{f}^$|\\ & ü #?'
    const [, , ofSession] = commandsOf(describeUi('https://ui.example', session).tabAddress)
    const pattern = new RegExp(ofSession?.args[0] ?? '')
    expect(pattern.test(`session ${session}`)).toBe(true)
    expect(pattern.test(`session a.bbc+(d)`)).toBe(false)
    expect(pattern.test(`session ${session}x`)).toBe(false)
  })

  it('leaves all sessions folded where none is named', () => {
    expect(commandsOf(describeUi('https://ui.example').embeddedAddress).map(({ id }) => id)).toEqual([
      'dev.perfetto.PinTracksByRegex',
      'dev.perfetto.ExpandTracksByRegex',
    ])
  })
})
