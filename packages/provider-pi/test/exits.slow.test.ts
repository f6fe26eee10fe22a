// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readHarnessRows, rowsOf } from './helpers/harness-rows.ts'
import { extension as sources } from './helpers/run-pi.ts'
import { setStage, type ScriptedTurn, type Stage } from './helpers/stage.ts'

const model = ['--model', 'dynamo/scripted']
const ask = [...model, '-p', 'Do it.']
const calls = (count: number, name: string, args: object): ScriptedTurn => ({
  toolCalls: Array.from({ length: count }, () => ({ name, arguments: args })),
})
/** Says that a session is over, whatever the frontend. */
const final = { DYN_AGENT_SESSION_FINAL: '1' }
const manySessions = fileURLToPath(new URL('helpers/many-sessions.ts', import.meta.url))
const crash = fileURLToPath(new URL('helpers/crash.ts', import.meta.url))

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, 300_000)

/** How many calls had which events, such as `{ 'running succeeded': 200 }`. */
async function outcomes(stage: Stage): Promise<Readonly<Record<string, number>>> {
  const { tools } = await stage.rows()
  const statuses = new Map<string, string[]>()
  for (const { tool } of tools) {
    statuses.set(tool.toolCallId, [...(statuses.get(tool.toolCallId) ?? []), tool.status ?? ''])
  }
  const counts: Record<string, number> = {}
  for (const list of statuses.values()) counts[list.join(' ')] = (counts[list.join(' ')] ?? 0) + 1
  return counts
}

it('closes the running tools of every session of the process on SIGINT', async () => {
  await using stage = await setStage(['Never asked for.'])
  const environment = { ...process.env, ...stage.environment, PI_CODING_AGENT: 'true' }
  const child = spawn(process.execPath, [manySessions, '50'], { env: environment })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const closed = once(child, 'close')
  await vi.waitUntil(() => stage.frontend.counters.toolEvents.accepted === 50, { timeout: 30_000 })
  child.kill('SIGINT')
  expect(await closed).toEqual([null, 'SIGINT'])
  // No warning of too many listeners.
  expect(said).toBe('')
  expect(await outcomes(stage)).toEqual({ 'running cancelled': 50 })
  expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 100, cancelled: 0 })
})

describe.each(piReleases)('Pi %s', { timeout: 120_000 }, (release) => {
  let program = ''
  beforeAll(async () => {
    program = await installPi(release)
  }, 300_000)
  const stageWith = async (turns: readonly ScriptedTurn[]) => {
    const stage = await setStage(turns, { pi: { program, install: [extension] } })
    await writeFile(join(stage.pi.folder, 'note.txt'), 'noted\n')
    return stage
  }
  const accepted = (stage: Stage, count: number) =>
    vi.waitUntil(() => stage.frontend.counters.toolEvents.accepted >= count, { timeout: 30_000 })

  it('delivers 400 events of 200 tools when it ends at once', async () => {
    await using stage = await stageWith([calls(200, 'read', { path: 'note.txt' }), 'Done.'])
    expect(await stage.pi.run(ask, stage.environment)).toMatchObject({ status: 0, stdout: 'Done.\n' })
    expect(await outcomes(stage)).toEqual({ 'running succeeded': 200 })
  })

  it('delivers them when its user hangs up', async () => {
    await using stage = await stageWith([calls(200, 'read', { path: 'note.txt' }), 'Done.'])
    const pi = stage.pi.startRpc(model, stage.environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    pi.hangUp()
    await pi.done
    expect(await outcomes(stage)).toEqual({ 'running succeeded': 200 })
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('closes 50 running tools on %s', async (signal) => {
    await using stage = await stageWith([calls(50, 'bash', { command: 'sleep 6' }), 'Done.'])
    const { pid, done } = stage.pi.start(ask, stage.environment)
    await accepted(stage, 50)
    process.kill(pid, signal)
    await done
    expect(await outcomes(stage)).toEqual({ 'running cancelled': 50 })
    // The ends are Pi's own: the frontend had no open call to close.
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 100, cancelled: 0 })
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('closes running tools on %s over RPC', async (signal) => {
    await using stage = await stageWith([calls(3, 'bash', { command: 'sleep 6' }), 'Done.'])
    const pi = stage.pi.startRpc(model, stage.environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await accepted(stage, 3)
    process.kill(pi.pid, signal)
    await pi.done
    expect(await outcomes(stage)).toEqual({ 'running cancelled': 3 })
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 6, cancelled: 0 })
  })

  it('makes no call of a session that it has told to be over', async () => {
    await using stage = await stageWith([calls(1, 'bash', { command: 'sleep 6' }), 'Done.'])
    const { pid, done } = stage.pi.start(ask, { ...stage.environment, ...final })
    await accepted(stage, 1)
    process.kill(pid, 'SIGTERM')
    await done
    const finals = stage.proxy.calls.map(({ headers }) => headers['x-dynamo-session-final'] === 'true')
    expect(finals.slice(0, -1)).not.toContain(true)
  })

  it('serves a session that two copies of this package look at', async () => {
    await using stage = await stageWith(['Done.'])
    const log = join(stage.pi.folder, 'harness.jsonl')
    const environment = { ...stage.environment, ...final, DYN_AGENT_HARNESS_LOG: log }
    expect(await stage.pi.run(['-e', sources, ...ask], environment)).toMatchObject({ status: 0 })
    const [turn, end] = stage.proxy.calls
    expect(end?.headers).toMatchObject({ 'x-dynamo-session-final': 'true' })
    const turns = rowsOf(await readHarnessRows(log), 'turn_end')
    expect(turns.map(({ turn: { requestId } }) => requestId)).toEqual([turn?.headers['x-request-id']])
  })

  it('tells that a tool was cancelled when its user aborts', async () => {
    await using stage = await stageWith([calls(3, 'bash', { command: 'sleep 6' }), 'Done.'])
    const pi = stage.pi.startRpc(model, stage.environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await accepted(stage, 3)
    pi.send({ type: 'abort' })
    await pi.heard('"type":"agent_end"')
    pi.hangUp()
    await pi.done
    expect(await outcomes(stage)).toEqual({ 'running cancelled': 3 })
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 6, cancelled: 0 })
  })

  it('loses nothing when a handler of another extension fails', async () => {
    await using stage = await stageWith([calls(3, 'read', { path: 'note.txt' }), 'Done.'])
    expect(await stage.pi.run(['-e', crash, ...ask], stage.environment)).toMatchObject({ status: 0 })
    expect(await outcomes(stage)).toEqual({ 'running succeeded': 3 })
  })

  it('closes running tools when another extension takes the process down', async () => {
    await using stage = await stageWith([calls(3, 'bash', { command: 'sleep 6' }), 'Done.'])
    await stage.pi.run(['-e', crash, ...ask], { ...stage.environment, CRASH: 'process' })
    expect(await outcomes(stage)).toEqual({ 'running cancelled': 3 })
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 6, cancelled: 0 })
  })

  it('is done half a second after its last answer when nobody takes its tool events', async () => {
    await using stage = await stageWith([calls(3, 'read', { path: 'note.txt' }), 'Done.'])
    const endpoint = { DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://127.0.0.1:9' }
    const run = await stage.pi.run(ask, { ...stage.environment, ...endpoint })
    expect(run).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })
    // 0.4 s of patience and what a busy machine takes to end a process.
    expect(run.exitedMs - (stage.proxy.calls.at(-1)?.answeredMs ?? 0)).toBeLessThan(2000)
  })
})
