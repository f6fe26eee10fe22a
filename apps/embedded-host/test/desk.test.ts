// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { sendAnswer, startProxy } from '@dynamo-agent/proxy'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDesk } from '../src/desk.ts'
import { lookUpOrder, type DeskTool } from '../src/desk-tools.ts'

const root = join(import.meta.dirname, '..')
let folder = ''
let frontend: LocalFrontend

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-host-'))
  frontend = await startLocalFrontend({
    model: { script: parseScript(await readFile(join(root, 'script.json'), 'utf8'), 'test'), engine: { speedup: 100 } },
    trace: { path: join(folder, 'trace.jsonl') },
  })
})
afterEach(async () => {
  await frontend.close()
  await rm(folder, { recursive: true })
})

/** What is on record of each trajectory, in order. */
async function account(): Promise<Readonly<Record<string, readonly string[]>>> {
  await frontend.drain()
  const events: Record<string, string[]> = {}
  const text = await readFile(join(folder, 'trace.jsonl'), 'utf8')
  const records = text.split('\n').flatMap((line): TraceRecord[] => {
    const parsed = parseTraceLine(line)
    return parsed.kind === 'record' ? [parsed.record] : []
  })
  for (const record of records) {
    const { trajectoryId = '?', parentTrajectoryId } = record.identity ?? {}
    const who = parentTrajectoryId === undefined ? trajectoryId : `${parentTrajectoryId} > ${trajectoryId}`
    const list = (events[who] ??= [])
    list.push(record.type === 'request_end' ? 'request' : `${record.tool.toolClass} ${record.tool.status}`)
  }
  return events
}

const options = () => ({
  profiles: ['scripted'] as const,
  tools: [lookUpOrder],
  environment: { ...frontend.environmentFor({}), DYN_AGENT_SESSION_FINAL: 'off' },
  folder,
})

it('is a program that runs', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/main.ts')])
  expect(stdout.split('\n')).toEqual([
    'anna: It left the warehouse on Monday. (scripted)',
    'bert: It left the warehouse on Monday. (scripted)',
    'digest: Two orders: one left, one waits.',
    expect.stringContaining('3 trajectories, 6 requests, 4 tool calls'),
    '',
  ])
})

it('has a session for each channel, though they share a process', async () => {
  {
    await using desk = openDesk(options())
    const [anna, bert] = await Promise.all([desk.channel('anna'), desk.channel('bert')])
    await Promise.all([anna.ask('Where is A-17?'), bert.ask('Where is A-17?')])
  }
  const turns = ['request', 'look_up_order running', 'look_up_order succeeded', 'request']
  const { anna, bert, ...others } = await account()
  expect(others).toEqual({})
  expect([anna?.toSorted(), bert?.toSorted()]).toEqual([turns.toSorted(), turns.toSorted()])
})

it('goes on with the next profile where one fails, and stays with it', async () => {
  await using desk = openDesk({ ...options(), profiles: ['not-served', 'scripted'] })
  const channel = await desk.channel('anna')
  expect(await channel.ask('Where is A-17?')).toBe('It left the warehouse on Monday.')
  expect(channel.model).toBe('scripted')
})

it('asks the next profile what was asked, once, and keeps nothing of the failure', async () => {
  const requests: { readonly model: string; readonly messages: readonly { readonly role: string }[] }[] = []
  const requestIds = new Set<unknown>()
  await using proxy = await startProxy(frontend.baseUrl, async (request, response) => {
    const { text, headers } = request
    if (text !== '') {
      requests.push(JSON.parse(text) as (typeof requests)[number])
      requestIds.add(headers['x-request-id'])
    }
    // The best model answers, and fails with the result of its tool.
    const fails = text.includes('"role":"tool"') && text.includes('"model":"best"')
    const asked = text.replace('"model":"best"', '"model":"scripted"')
    await sendAnswer(fails ? new Response('busy', { status: 503 }) : await request.forward(asked), response)
  })
  const environment = { ...options().environment, DYNAMO_BASE_URL: proxy.baseUrl }
  const desk = openDesk({ ...options(), environment, profiles: ['not-served', 'best', 'scripted'] })
  const channel = await desk.channel('anna')
  await channel.ask('Where is A-17?')
  await channel.ask('Are you sure?')
  await desk[Symbol.asyncDispose]()
  const asked = requests.map(({ model, messages }) => [model, messages.map(({ role }) => role).join(' ')])
  expect(asked).toEqual([
    ['not-served', 'system user'],
    ['best', 'system user'],
    ['best', 'system user assistant tool'],
    ['scripted', 'system user assistant tool'],
    ['scripted', 'system user assistant tool assistant user'],
  ])
  // Each is an ordinary turn of the channel, with a request id of its own; Dynamo records what it has served.
  expect([...requestIds].map((id) => /^[0-9a-f-]{36}$/.test(String(id)))).toEqual([true, true, true, true, true])
  const { anna, ...others } = await account()
  expect(others).toEqual({})
  expect(anna?.filter((event) => event === 'request')).toHaveLength(3)
})

it('says what the last profile said where all fail', async () => {
  await using desk = openDesk({ ...options(), profiles: ['not-served', 'not-either'] })
  const channel = await desk.channel('anna')
  await expect(channel.ask('Where is A-17?')).rejects.toThrow('Model not found')
})

describe('a disposed channel', () => {
  /** A tool that begins and does not end by itself, listening to nobody. */
  function createStuckTool() {
    let begin: () => void = () => undefined
    let end: (result: string) => void = () => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const ended = new Promise<string>((resolve) => (end = resolve))
    const tool: DeskTool = {
      ...lookUpOrder,
      run() {
        begin()
        return ended
      },
    }
    return { tool, begun, end }
  }

  it('leaves no tool call open that it was in the middle of', async () => {
    const { tool, begun } = createStuckTool()
    const desk = openDesk({ ...options(), tools: [tool] })
    const channel = await desk.channel('anna')
    const answer = expect(channel.ask('Where is A-17?')).rejects.toThrow('the channel anna is closed')
    await begun
    await desk[Symbol.asyncDispose]()
    await answer
    expect((await account()).anna?.toSorted()).toEqual(['look_up_order cancelled', 'look_up_order running', 'request'])
  })

  it('asks no model for anything more', async () => {
    const models: string[] = []
    await using proxy = await startProxy(frontend.baseUrl, async (request, response) => {
      if (request.text !== '') models.push((JSON.parse(request.text) as { readonly model: string }).model)
      await sendAnswer(await request.forward(), response)
    })
    const { tool, begun, end } = createStuckTool()
    const environment = { ...options().environment, DYNAMO_BASE_URL: proxy.baseUrl }
    const desk = openDesk({ ...options(), environment, profiles: ['scripted', 'next'], tools: [tool] })
    const [anna, bert] = await Promise.all([desk.channel('anna'), desk.channel('bert')])
    const inTool = expect(anna.ask('Where is A-17?')).rejects.toThrow('the channel anna is closed')
    await begun
    const barelyAsked = expect(bert.ask('Where is A-17?')).rejects.toThrow('the channel bert is closed')
    await desk[Symbol.asyncDispose]()
    end('too late')
    await Promise.all([inTool, barelyAsked])
    await expect(anna.ask('Where is it?')).rejects.toThrow('the channel anna is closed')
    // What comes late would come within this.
    await setTimeout(200)
    expect(models).toEqual(['scripted'])
  })
})

it('opens no channel once it is being disposed', async () => {
  const desk = openDesk(options())
  await desk.channel('one')
  const disposing = desk[Symbol.asyncDispose]()
  await expect(desk.channel('one')).rejects.toThrow('the desk is closed')
  await expect(desk.channel('two')).rejects.toThrow('the desk is closed')
  await disposing
  await expect(desk.channel('two')).rejects.toThrow('the desk is closed')
})
