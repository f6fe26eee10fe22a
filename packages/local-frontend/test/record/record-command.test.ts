// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readEnvironment } from '@dynamo-agent/core'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { describe, expect, test } from 'vitest'
import { recordCommand, type RecordCommandOptions } from '../../src/index.ts'
import { readRows, start, startTraced, temporaryFolder, until } from '../support.ts'

const node = process.execPath
const signals = () => new EventEmitter()

/** A frontend that nothing is sent to. */
const nobody: RecordCommandOptions['frontend'] = { environmentFor: () => ({}), drain: () => Promise.resolve() }

function run(code: string, options: Partial<RecordCommandOptions> = {}) {
  return recordCommand({
    command: node,
    args: ['--input-type=module', '-e', code],
    frontend: nobody,
    stdio: ['ignore', 'pipe', 'inherit'],
    signals: signals(),
    ...options,
  })
}

/** Runs a signal's way: the command says when it is ready, then the signals come. */
async function interrupt(code: string, sent: NodeJS.Signals[], options: Partial<RecordCommandOptions> = {}) {
  const source = signals()
  let child: ChildProcess | undefined
  const ended = run(code, {
    ...options,
    signals: source,
    onSpawn: (spawned) => {
      child = spawned
      createInterface(spawned.stdout!).on('line', () => {
        const next = sent.shift()
        if (next !== undefined) source.emit(next)
      })
    },
  })
  return { child: () => child, ended: await ended, source }
}

describe('the command ends', () => {
  test.each([
    [0, 'process.exit(0)'],
    [3, 'process.exit(3)'],
    [1, 'process.exitCode = 1'],
  ])('with status %i, which is passed on', async (exitCode, code) => {
    expect(await run(code)).toMatchObject({ exitCode })
  })

  test('by a signal, told as shells tell it', async () => {
    const ended = await run('process.kill(process.pid, "SIGKILL")')
    expect(ended).toMatchObject({ exitCode: 137, signal: 'SIGKILL' })
    expect(ended.durationMs).toBeGreaterThan(0)
  })
})

const ready = 'console.log("ready"); setInterval(() => {}, 1000);'

describe('signals', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s is passed on to a command that does not share the terminal', async (signal, exitCode) => {
    const { ended, source } = await interrupt(ready, [signal])
    expect(ended).toMatchObject({ exitCode, signal })
    expect(source.eventNames()).toEqual([])
  })

  test('a command that handles one ends as it likes', async () => {
    const { ended } = await interrupt(`process.on("SIGINT", () => process.exit(7)); ${ready}`, ['SIGINT'])
    expect(ended).toEqual({ exitCode: 7, durationMs: expect.any(Number) as number })
  })

  test('with a shared terminal the first Ctrl-C is not sent twice', async () => {
    const code = `process.on("SIGINT", () => process.exit(7)); ${ready} setTimeout(() => process.exit(0), 300)`
    expect((await interrupt(code, ['SIGINT'], { sharesTerminal: true })).ended.exitCode).toBe(0)
  })

  test.each([true, false])('the second and the third Ctrl-C escalate (shared terminal: %s)', async (sharesTerminal) => {
    const deaf = 'for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => console.log(name));'
    const lines = 'setInterval(() => console.log("tick"), 50);'
    const { ended } = await interrupt(`${deaf} ${ready} ${lines}`, ['SIGINT', 'SIGINT', 'SIGINT'], { sharesTerminal })
    expect(ended.signal).toBe('SIGKILL')
  })
})

describe('a command that cannot be started', () => {
  test('is named, with what to do', async () => {
    const failed = recordCommand({ command: 'no-such-command-here', frontend: nobody, signals: signals() })
    await expect(failed).rejects.toMatchObject({
      code: 'DYN_COMMAND_FAILED',
      message: 'the command no-such-command-here was not found',
      advice: 'Check its spelling, install it, or give its whole path.',
    })
  })

  test('a file that may not be executed', async () => {
    const file = join(temporaryFolder(), 'script')
    writeFileSync(file, '#!/bin/sh\n')
    chmodSync(file, 0o644)
    const failed = recordCommand({ command: file, frontend: nobody, signals: signals() })
    await expect(failed).rejects.toMatchObject({
      code: 'DYN_COMMAND_FAILED',
      advice: `Make it executable: chmod +x ${file}`,
    })
  })

  test('a folder is no command', async () => {
    const folder = temporaryFolder()
    await expect(recordCommand({ command: folder, frontend: nobody, signals: signals() })).rejects.toMatchObject({
      message: `the command ${folder} is a folder`,
    })
  })

  test('a folder that is not there is not taken for a command that is not there', async () => {
    const failed = recordCommand({ command: node, cwd: '/no/such/folder', frontend: nobody, signals: signals() })
    await expect(failed).rejects.toMatchObject({ message: 'the folder /no/such/folder does not exist' })
  })
})

describe('the environment of the command', () => {
  test('leads to the frontend, and keeps what the user has set', async () => {
    const frontend = await start({ toolEvents: { topic: 'topic' } })
    expect(frontend.environmentFor({ OPENAI_API_KEY: 'mine', DYNAMO_BASE_URL: 'http://elsewhere' })).toEqual({
      DYNAMO_BASE_URL: frontend.baseUrl,
      OPENAI_BASE_URL: frontend.baseUrl,
      DYNAMO_API_KEY: 'dynamo-local',
      OPENAI_API_KEY: 'mine',
      DYN_AGENT_DIALECT: 'session-headers',
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: frontend.toolEventsEndpoint,
      DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC: 'topic',
    })
  })

  test('has the key that the frontend requires, and the dialect of its generation', async () => {
    const frontend = await start({ apiKey: 'required', generation: '1.2' })
    const environment = frontend.environmentFor({ OPENAI_API_KEY: 'mine' })
    expect(environment).toMatchObject({
      DYNAMO_API_KEY: 'required',
      OPENAI_API_KEY: 'required',
      DYN_AGENT_DIALECT: 'agent-context-body',
    })
  })

  test('leads tool events nowhere when the frontend takes none', async () => {
    const frontend = await start({ toolEvents: false })
    const elsewhere = { DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://10.0.0.1:20390' }
    const environment = { ...elsewhere, ...frontend.environmentFor(elsewhere) }
    expect(readEnvironment(environment).toolEvents.endpoint).toBeUndefined()
  })

  test('goes around a proxy', async () => {
    const environment = (await start()).environmentFor({ HTTP_PROXY: 'http://proxy', no_proxy: 'intranet' })
    expect(environment).toMatchObject({
      no_proxy: 'intranet,127.0.0.1,localhost,::1',
      NO_PROXY: 'intranet,127.0.0.1,localhost,::1',
    })
  })
})

/** An agent in a few lines: a request, then two tool calls, one of which it does not live to see end. */
const agent = `
  import { createAgentContext, sessionHeadersDialect } from '@dynamo-agent/core'
  import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
  const { DYNAMO_BASE_URL: baseUrl, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint } = process.env
  const body = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'go' }] })
  const headers = { 'content-type': 'application/json', 'x-dynamo-session-id': 'run-1' }
  await (await fetch(baseUrl + '/chat/completions', { method: 'POST', body, headers })).text()
  const context = createAgentContext({ sessionId: 'run-1' })
  const relay = createToolEventRelay({ endpoint, dialect: sessionHeadersDialect })
  const timeMs = Date.now()
  const event = (type, toolCallId) => ({ type, timeMs, tool: { toolCallId, toolClass: 'bash', startedAtMs: timeMs } })
  relay.send(context, event('tool_start', 'ends'))
  relay.send(context, event('tool_end', 'ends'))
  relay.send(context, event('tool_start', 'is-interrupted'))
  await relay.close()
  console.log('ready')
  setInterval(() => {}, 1000)
`

test('an interrupted agent leaves a whole trace: its open tool call is closed as cancelled', async () => {
  const { frontend, rows } = await startTraced({ toolEvents: {} })
  const { ended } = await interrupt(agent, ['SIGINT'], { frontend, cwd: join(import.meta.dirname, '../..') })
  expect(ended).toMatchObject({ exitCode: 130, signal: 'SIGINT' })
  expect(frontend.counters.toolEvents).toMatchObject({ accepted: 3, cancelled: 1 })
  const lines = await rows()
  for (const line of lines) expect(traceLineSchema.safeParse(line).error).toBeUndefined()
  expect(lines.map(({ event }) => [event.event_type, event.tool?.tool_call_id, event.tool?.status])).toEqual([
    ['request_end', undefined, undefined],
    ['tool_start', 'ends', undefined],
    ['tool_end', 'ends', undefined],
    ['tool_start', 'is-interrupted', undefined],
    ['tool_end', 'is-interrupted', 'cancelled'],
  ])
})

/** A program as the command line's `record` is one. */
const recorder = `
  import { parseScript, recordCommand, startLocalFrontend } from '@dynamo-agent/local-frontend'
  const script = parseScript('{"turns":["hello"],"models":[{"id":"tiny"}]}', 'script.json')
  await using frontend = await startLocalFrontend({ model: { script }, trace: { path: process.env.TRACE } })
  const args = ['--input-type=module', '-e', process.env.AGENT]
  const { exitCode } = await recordCommand({ command: process.execPath, args, frontend })
  process.exitCode = exitCode
`

test('a Ctrl-C that reaches the whole process group ends recorder and agent, and the trace is whole', async () => {
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const child = spawn(node, ['--input-type=module', '-e', recorder], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, TRACE: trace, AGENT: agent },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => createInterface(child.stdout).once('line', resolve))
  process.kill(-child.pid!, 'SIGINT')
  expect(await ended).toBe(130)
  await until(() => readRows(trace).length === 5)
  expect(readRows(trace).at(-1)?.event.tool).toMatchObject({ tool_call_id: 'is-interrupted', status: 'cancelled' })
})
