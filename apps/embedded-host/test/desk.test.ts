// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
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

it('says what the last profile said where all fail', async () => {
  await using desk = openDesk({ ...options(), profiles: ['not-served', 'not-either'] })
  const channel = await desk.channel('anna')
  await expect(channel.ask('Where is A-17?')).rejects.toThrow('Model not found')
})

it('leaves no tool call open when it is disposed in the middle of one', async () => {
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const endless: DeskTool = {
    ...lookUpOrder,
    run() {
      begin()
      return new Promise(() => undefined)
    },
  }
  const desk = openDesk({ ...options(), tools: [endless] })
  const channel = await desk.channel('anna')
  void channel.ask('Where is A-17?').catch(() => undefined)
  await begun
  await desk[Symbol.asyncDispose]()
  expect((await account()).anna?.toSorted()).toEqual(['look_up_order cancelled', 'look_up_order running', 'request'])
})
