// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, installPiPackage } from '@dynamo-agent/pi-generations'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { setStage } from './helpers/stage.ts'

const ask = ['--model', 'dynamo/scripted', '-p', 'Do it.']

let program = ''
let extension = ''
beforeAll(async () => {
  program = await installPi('0.87.1')
  extension = await installExtension()
}, 300_000)

interface Case {
  readonly version: string
  readonly how: string
  readonly call?: Readonly<Record<string, unknown>>
  readonly saved?: boolean
}

/** Has the root, whose priority is 5, start a subagent. */
async function lineageWith({ version, call, saved = true }: Case) {
  const subagents = await installPiPackage('pi-subagents', version)
  const turns = [{ toolCalls: [{ name: 'subagent', arguments: { agent: 'helper', task: 'Help.', ...call } }] }, 'Done.']
  await using stage = await setStage(turns, {
    pi: { program, install: [extension, subagents], saved },
    others: [{ name: 'helper', when: { system: 'You help.' }, turns: ['Helped.'] }],
  })
  const agents = join(stage.pi.home, 'agents')
  await mkdir(agents)
  const head = ['name: helper', 'description: Helps', `extensions: ${join(extension, 'src/index.ts')}`]
  await writeFile(join(agents, 'helper.md'), `---\n${head.join('\n')}\n---\n\nYou help.\n`)
  const policy = { DYN_AGENT_PRIORITY: '5', DYN_AGENT_PRIORITY_POLICY: 'subagents=2' }
  const { pid, done } = stage.pi.start(ask, { ...stage.environment, ...policy, DYN_AGENT_SESSION_ID: 'run-1' })
  const tooLong = setTimeout(() => process.kill(pid, 'SIGKILL'), 40_000)
  const run = await done
  clearTimeout(tooLong)
  // A detached runner goes on when the root has ended.
  await vi.waitUntil(() => stage.proxy.calls.length >= 3, { timeout: 30_000 })
  const { requests } = await stage.rows()
  const sent = new Map(stage.proxy.calls.map(({ headers, body }) => [headers['x-request-id'], body.nvext]))
  return {
    run,
    parents: new Map(requests.map(({ identity }) => [identity?.trajectoryId, identity?.parentTrajectoryId])),
    hints: new Map(requests.map(({ identity, request }) => [identity?.trajectoryId, sent.get(request.xRequestId)])),
  }
}

describe('pi-subagents', { timeout: 120_000 }, () => {
  it.each<Case>([
    { version: '0.49.0', how: 'as a process' },
    { version: '0.49.0', how: 'as a process of a Pi that saves nothing', saved: false },
    { version: '0.49.0', how: 'as a process with a fork of its parent', call: { context: 'fork' } },
    { version: '0.67.0', how: 'in the process of its parent', call: { async: false } },
    { version: '0.67.0', how: 'in the process of a Pi that saves nothing', call: { async: false }, saved: false },
    { version: '0.67.0', how: 'in a detached runner', call: { async: true } },
    { version: '0.67.0', how: 'in a detached runner with a fork of its parent', call: { async: true, context: 'fork' } },
  ])('$version: a subagent is the child of its parent and comes after it, $how', async (given) => {
    const { run, parents, hints } = await lineageWith(given)
    expect(run).toMatchObject({ status: 0 })
    const [child] = [...parents.keys()].filter((id) => id !== 'run-1')
    expect(parents).toEqual(new Map([['run-1', undefined], [child, 'run-1']] as const))
    expect(child).toMatch(/^[0-9a-f-]{36}$/)
    const priority = (value: number) => ({ agent_hints: { priority: value } })
    expect(hints).toEqual(new Map([['run-1', priority(5)], [child, priority(3)]] as const))
  })
})
