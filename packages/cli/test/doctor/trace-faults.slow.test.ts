// SPDX-License-Identifier: Apache-2.0
import { createAgentContext } from '@dynamo-agent/core'
import { startLocalFrontend, parseScript } from '@dynamo-agent/local-frontend'
import { sendAnswer, startProxy } from '@dynamo-agent/proxy'
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runAgent } from '../support/agent-of-shell.ts'
import { temporaryFolder, type Finished } from '../support/run.ts'
import {
  doctor,
  faultsIn,
  findFreePort,
  linesToType,
  startFromShell,
  typeCures,
  type FrontendOfShellOptions,
  type Shell,
} from '../support/shell.ts'
import { expectHealthy } from './servers.ts'

/** A healthy set-up to break. */
async function setUp(options: FrontendOfShellOptions = {}) {
  const folder = temporaryFolder()
  const trace = join(folder, 'trace.jsonl')
  const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  const prefix = options.generation === '1.2' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
  const own: Shell = {
    ...(prefix === 'DYN_REQUEST_TRACE' && { DYN_REQUEST_TRACE: '1' }),
    [`${prefix}_SINKS`]: 'jsonl',
    [`${prefix}_OUTPUT_PATH`]: trace,
    [`${prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: endpoint,
  }
  const frontend = await startFromShell(own, options)
  const agent: Shell = {
    DYNAMO_BASE_URL: frontend.baseUrl,
    DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
    // Tells how long to wait for rows, and nothing of whether there are any.
    [`${prefix}_JSONL_FLUSH_INTERVAL_MS`]: '20',
  }
  return { folder, trace, endpoint, own, frontend, agent }
}

function expectFault(result: Finished, fault: string, ...says: readonly string[]): void {
  expect({ code: result.code, faults: faultsIn(result) }, result.stdout).toEqual({ code: 1, faults: [fault] })
  for (const text of says) expect(result.stdout).toContain(text)
}

describe('the trace file', () => {
  test('is not there: a frontend that is started as printed writes it', async () => {
    const { folder, agent, own, frontend } = await setUp()
    const wanted = join(folder, "it's wanted.jsonl")
    const result = await doctor(agent, '--request', '--trace', wanted)
    expectFault(result, 'FAIL trace file', `there is no ${wanted}`)
    await frontend.close()
    const mended = typeCures({ ...own, ...agent }, result)
    await startFromShell(mended, { port: Number(new URL(frontend.baseUrl).port) })
    await expectHealthy(mended, '--request', '--trace', wanted)
  })

  test('is an old one: a frontend that is started as printed writes it', async () => {
    const { folder, trace, agent, own, frontend } = await setUp()
    await runAgent(agent)
    await frontend.drain()
    const old = join(folder, 'old.jsonl')
    writeFileSync(old, readFileSync(trace))
    const result = await doctor(agent, '--trace', old)
    expectFault(result, 'FAIL trace file', `nothing came to ${old} within 1.0 s of a tool event`)
    await frontend.close()
    const mended = typeCures({ ...own, ...agent }, result)
    await startFromShell(mended, { port: Number(new URL(frontend.baseUrl).port) })
    await expectHealthy(mended, '--request', '--trace', old)
  })

  test('is another one than the shell says: the printed command looks at the right one', async () => {
    const { folder, agent, own, trace } = await setUp()
    const wrong = join(folder, 'wrong.jsonl')
    const shell = { ...own, ...agent }
    const result = await doctor(shell, '--request', '--trace', wrong)
    expect(faultsIn(result)).toEqual(['warn tracing', 'FAIL trace file'])
    expect(result.stdout).toContain(`dynamo-agent doctor --trace ${trace}\n`)
    await expectHealthy(shell, '--request', '--trace', trace)
  })

  test('is no trace: with the one that Dynamo writes, all is well', async () => {
    const { folder, trace, agent } = await setUp()
    const notes = join(folder, 'notes.txt')
    writeFileSync(notes, 'remember the milk\n')
    const result = await doctor(agent, '--trace', notes)
    expectFault(result, 'FAIL trace file', `no Dynamo trace rows in ${notes}: it looks like plain text`)
    const [line = ''] = linesToType(result)
    expect(line).toBe('dynamo-agent doctor --trace FILE')
    await expectHealthy(agent, '--request', '--trace', trace)
  })

  test('is a folder without a trace: a frontend that is started as printed writes one there', async () => {
    const { agent, own, frontend } = await setUp()
    const empty = temporaryFolder()
    const result = await doctor(agent, '--request', '--trace', empty)
    expectFault(result, 'FAIL trace file', `there is no trace in ${empty}`)
    await frontend.close()
    const mended = typeCures({ ...own, ...agent }, result)
    await startFromShell(mended, { port: Number(new URL(frontend.baseUrl).port) })
    await expectHealthy(mended, '--request', '--trace', empty)
  })

  test.each([
    { what: 'a device', path: () => '/dev/zero' },
    {
      what: 'a pipe',
      path: () => {
        const path = join(temporaryFolder(), 'pipe.jsonl')
        execFileSync('mkfifo', [path])
        return path
      },
    },
  ])('is $what, which is not read: with the one that Dynamo writes, all is well', async ({ path }) => {
    const { trace, agent } = await setUp()
    const wrong = path()
    const result = await doctor(agent, '--request', '--trace', wrong)
    expectFault(result, 'FAIL trace file', `${wrong} is no file`)
    expect(linesToType(result)).toEqual(['dynamo-agent doctor --trace FILE'])
    await expectHealthy(agent, '--request', '--trace', trace)
  })

  // Nothing is unreadable to root.
  test.skipIf(process.getuid?.() === 0)('cannot be read by this user: mended by the printed command', async () => {
    const { trace, agent } = await setUp()
    chmodSync(trace, 0o200)
    const result = await doctor(agent, '--request', '--trace', trace)
    expectFault(result, 'FAIL trace file', 'cannot be read by this user')
    const [line = ''] = linesToType(result)
    execFileSync('sh', ['-c', line])
    await expectHealthy(agent, '--request', '--trace', trace)
  })

  test('gets requests and no tool events, of which the shell tells nothing: mended by the printed lines', async () => {
    const { trace, agent, own, frontend } = await setUp()
    await frontend.close()
    const port = Number(new URL(frontend.baseUrl).port)
    const deaf = await startFromShell({ ...own, DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_TOPIC: 'tools' }, { port })
    const result = await doctor(agent, '--request', '--trace', trace)
    expectFault(result, 'FAIL trace file', 'the tool event did not within 1.0 s')
    await deaf.close()
    const mended = typeCures({ ...own, ...agent }, result)
    await startFromShell(mended, { port })
    await expectHealthy(mended, '--request', '--trace', trace)
  })

  test('gets nothing, as the topic is another one and no request was sent: mended by the printed lines', async () => {
    const { trace, agent, own } = await setUp()
    const shell = { ...agent, DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC: 'tools' }
    const result = await doctor(shell, '--trace', trace)
    expectFault(result, 'FAIL trace file', `nothing came to ${trace}`)
    const port = await findFreePort()
    const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
    const mended = {
      ...typeCures({ ...own, ...shell }, result),
      DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
      DYNAMO_BASE_URL: `http://127.0.0.1:${port}`,
    }
    await startFromShell(mended, { port })
    await expectHealthy(mended, '--request', '--trace', trace)
  })

  test('gets tool events and no requests, because another frontend answers them', async () => {
    const { trace, agent } = await setUp()
    const elsewhere = await startFromShell({})
    const result = await doctor({ ...agent, DYNAMO_BASE_URL: elsewhere.baseUrl }, '--request', '--trace', trace)
    expectFault(result, 'FAIL trace file', 'the row of the request did not within 1.0 s', 'is not the one that answers')
    await expectHealthy(agent, '--request', '--trace', trace)
  })
})

describe('LLM spans appear, tool spans do not', () => {
  test('because the agent was started without the endpoint: mended by the printed line', async () => {
    const { trace, agent, frontend } = await setUp()
    await runAgent({ ...agent, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: '' })
    await frontend.drain()
    const result = await doctor(agent, '--trace', trace)
    expectFault(result, 'FAIL trace rows', '2 requests and 0 tool events, and 1 tool call asked for')
    await runAgent(typeCures({ ...agent, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: '' }, result))
    await frontend.drain()
    await expectHealthy(agent, '--trace', trace)
  })

  test('because the model asked for no tool, which is no fault', async () => {
    const trace = join(temporaryFolder(), 'trace.jsonl')
    const frontend = await startLocalFrontend({
      model: { script: parseScript('{ "turns": ["Five."] }', 'script') },
      trace: { path: trace, flushIntervalMs: 20 },
    })
    onTestFinished(() => frontend.close())
    const agent = frontend.environmentFor({})
    await runAgent({ ...agent, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: '' })
    const { stdout } = await doctor(agent, '--trace', trace)
    expect(stdout).toMatch(/^ok {4}trace rows {6}\d requests? and 0 tool events; the model asked for no tool$/m)
  })
})

describe('tool spans appear, request spans do not', () => {
  test('because requests do not say whose they are to Dynamo 1.2: mended by the printed line', async () => {
    const { trace, agent, frontend } = await setUp({ generation: '1.2' })
    const wrong = { ...agent, DYN_AGENT_DIALECT: 'session-headers' }
    const result = await doctor(wrong, '--request', '--trace', trace)
    expectFault(result, 'FAIL dialect', 'requests are served, and leave no row in the trace')
    const mended = typeCures(wrong, result)
    await runAgent(mended, { dialect: 'agent-context-body' })
    await frontend.drain()
    await expectHealthy(mended, '--request', '--trace', trace)
  })

  test.each(['1.2', '1.3+'] as const)('in a trace of %s: mended by the printed lines', async (generation) => {
    const { trace, agent, own, frontend } = await setUp({ generation })
    const dialect = generation === '1.2' ? 'agent-context-body' : 'session-headers'
    const elsewhere = await startFromShell({}, { generation })
    await runAgent({ ...agent, DYNAMO_BASE_URL: elsewhere.baseUrl }, { dialect })
    await frontend.drain()
    const result = await doctor(agent, '--trace', trace)
    expectFault(result, 'FAIL trace rows', '0 requests and 2 tool events', 'timelines show tools but no LLM requests')
    await frontend.close()
    const mended = typeCures({ ...own, ...agent }, result)
    const again = await startFromShell(mended, { generation, port: Number(new URL(frontend.baseUrl).port) })
    await runAgent(mended, { dialect })
    await again.drain()
    await expectHealthy(mended, '--trace', trace)
  })
})

describe('requests and tool calls are not joined', () => {
  test('because their ids differ: mended by the printed lines', async () => {
    const { trace, agent, frontend } = await setUp()
    const shell = { ...agent, DYN_AGENT_SESSION_ID: 'run-7' }
    await runAgent(shell, { toolContext: createAgentContext({ sessionId: 'pi-session' }) })
    await frontend.drain()
    const result = await doctor(shell, '--trace', trace)
    expectFault(result, 'FAIL trace rows', 'of different agents', 'Requests say run-7, tool events pi-session')
    expect(linesToType(result)).toEqual(['unset DYN_AGENT_SESSION_ID'])
    const mended = typeCures(shell, result)
    await runAgent(mended)
    await frontend.drain()
    await expectHealthy(mended, '--trace', trace)
  })

  test('because of ids that are not set in this shell: no variable of it is blamed', async () => {
    const { trace, agent, frontend } = await setUp()
    await runAgent(agent, { toolContext: createAgentContext({ sessionId: 'pi-session' }) })
    await frontend.drain()
    const result = await doctor(agent, '--trace', trace)
    expectFault(result, 'FAIL trace rows', 'of different agents')
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toContain('None is set in this shell: two agents write this trace')
    expect(linesToType(result)).toEqual(['env | grep _ID='])
  })

  test('because requests name no agent: with the provider that is printed, they do', async () => {
    const { trace, agent, frontend } = await setUp()
    await runAgent(agent, { anonymous: true })
    await frontend.drain()
    const result = await doctor(agent, '--trace', trace)
    expectFault(result, 'FAIL trace rows', 'requests name no agent')
    expect(linesToType(result)).toEqual(['pi --model dynamo/MODEL'])
    await runAgent(agent)
    await frontend.drain()
    await expectHealthy(agent, '--trace', trace)
  })
})

describe('the clocks differ', () => {
  const cure = ['sudo timedatectl set-ntp true']

  test('by the tool calls of a trace', async () => {
    const { trace, agent, frontend } = await setUp()
    await runAgent(agent, { clockAheadMs: -90_000 })
    await frontend.drain()
    const result = await doctor(agent, '--trace', trace)
    expectFault(result, 'FAIL clock')
    expect(result.stdout).toMatch(/in the trace, the agent's clock is 1 min 30 s behind the frontend's/)
    expect(linesToType(result)).toEqual(cure)
  })

  test('by the row of a request', async () => {
    const { trace, agent } = await setUp({ now: () => Date.now() - 3_600_000 })
    const result = await doctor(agent, '--request', '--trace', trace)
    expectFault(result, 'FAIL clock')
    expect(result.stdout).toMatch(/this machine's clock is (60 min 0 s|1 h 0 min) ahead of the frontend's/)
    expect(linesToType(result)).toEqual(cure)
  })

  test('by the Date header', async () => {
    const { agent } = await setUp()
    await using proxy = await startProxy(agent.DYNAMO_BASE_URL ?? '', async (request, response) => {
      const answer = await request.forward()
      response.setHeader('date', new Date(Date.now() + 600_000).toUTCString())
      await sendAnswer(answer, response)
    })
    const result = await doctor({ ...agent, DYNAMO_BASE_URL: proxy.baseUrl })
    expectFault(result, 'FAIL clock')
    expect(result.stdout).toMatch(/this machine's clock is (9 min 59 s|10 min 0 s) behind the frontend's/)
    await expectHealthy(agent)
  })
})
