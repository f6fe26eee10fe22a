// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { DynamoRegistrationCounters } from '../../src/telemetry/index.ts'
import { setStage, type Stage } from '../helpers/stage.ts'
import { toldStories } from '../helpers/told-stories.ts'

const CALLS = 199
const program = fileURLToPath(new URL('programs/agent.ts', import.meta.url))
const names = [...Array.from({ length: CALLS }, () => 'look_up'), 'hang']
const turns = [{ toolCalls: names.map((name) => ({ name, arguments: {} })) }]

interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the program, if asked to at a terminal of its own. */
function start(stage: Stage, ending: string, { endpoint = stage.frontend.toolEventsEndpoint, terminal = false } = {}) {
  const command = [process.execPath, program, stage.baseURL, ending, String(CALLS)]
  const env = { ...process.env, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint }
  const child = terminal
    ? spawn('script', ['-qefc', command.map((word) => `'${word}'`).join(' '), '/dev/null'], { env })
    : spawn(process.execPath, command.slice(1), { env })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
  }
  const done = new Promise<ProgramEnd>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, ...said })
    })
  })
  const heard = (text: string) => expect.poll(() => said.stdout, { timeout: 15_000 }).toContain(text)
  return { child, done, heard }
}

/** How many calls had which events. */
async function outcomes(stage: Stage): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const deed of (await toldStories(stage)).get('chat') ?? []) counts[deed] = (counts[deed] ?? 0) + 1
  // It closes by itself what nobody has closed.
  expect(stage.frontend.counters.toolEvents).toMatchObject({ cancelled: 0 })
  return counts
}

const everything = { 'look_up running, succeeded': CALLS, 'hang running, cancelled': 1, request: 1 }

describe('nothing is lost', () => {
  it.each([
    ['a natural end', 'natural end', { code: 0, stderr: '' }],
    ['process.exit', 'process.exit', { code: 0, stderr: '' }],
    ['an error that nobody catches', 'uncaught', { code: 1 }],
    ['close', 'close', { code: 0, stderr: '' }],
  ])('by %s', async (_name, ending, end) => {
    await using stage = await setStage(turns)
    expect(await start(stage, ending).done).toMatchObject(end)
    expect(await outcomes(stage)).toEqual(everything)
  })

  it.each([
    ['that nobody listens to', 'interrupt', { code: null, signal: 'SIGTERM' }],
    ['whose handler exits', 'handler', { code: 0, signal: null }],
    ['whose handler closes', 'handler that closes', { code: 0, signal: null }],
  ])('by a SIGTERM %s', async (_name, ending, end) => {
    await using stage = await setStage(turns)
    const { child, done, heard } = start(stage, ending)
    await heard('ready')
    child.kill('SIGTERM')
    expect(await done).toMatchObject({ ...end, stderr: '' })
    expect(await outcomes(stage)).toEqual(everything)
  })

  it.skipIf(process.platform !== 'linux')('by an interrupt at a terminal', async () => {
    await using stage = await setStage(turns)
    const { child, done, heard } = start(stage, 'interrupt', { terminal: true })
    await heard('ready')
    child.stdin.write('\x03')
    await done
    expect(await outcomes(stage)).toEqual(everything)
  })
})

describe('a SIGTERM ends the process as it would without us', () => {
  it('where a listener waits until it is alone, as signal-exit does', async () => {
    await using stage = await setStage(turns)
    const { child, done, heard } = start(stage, 'listener that wants to be alone')
    await heard('ready')
    child.kill('SIGTERM')
    expect(await done).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' })
  })

  it('once nobody listens any more', async () => {
    await using stage = await setStage(turns)
    const { child, done, heard } = start(stage, 'listener that goes on')
    for (const said of ['ready', 'went on', 'left']) {
      await heard(said)
      child.kill('SIGTERM')
    }
    expect(await done).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' })
    expect(await outcomes(stage)).toEqual(everything)
  })
})

it('an end is not held up where nobody takes tool events', async () => {
  await using stage = await setStage(turns)
  const { stdout } = await start(stage, 'process.exit', { endpoint: 'tcp://127.0.0.1:9' }).done
  const { exitMs, counters } = JSON.parse(stdout) as { exitMs: number; counters: DynamoRegistrationCounters }
  // 0.4 s of patience, and what a busy machine adds.
  expect(exitMs).toBeLessThan(2000)
  expect(counters).toMatchObject({ sent: 0, queued: 0, dropped: 2 * CALLS + 2, open: 0, orphaned: 1 })
})
