// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../support/run.ts'
import { runAgent } from '../support/agent-of-shell.ts'
import { doctor, faultsIn, findFreePort, startFromShell, type Shell } from '../support/shell.ts'

/** What differs from run to run. */
function settled(text: string, shell: Shell, folder: string): string {
  return Object.entries(shell)
    .reduce((result, [name, value = '']) => (/URL|ENDPOINT/.test(name) ? result.replaceAll(value, name) : result), text)
    .replaceAll(folder, 'FOLDER')
    .replace(/\d+ ms/g, 'N ms')
    .replace(/^ok( +versions +).*$/m, 'ok$1Node, Pi and AI SDK')
    .replace(/dynamo-agent-doctor-\w{8}/g, 'dynamo-agent-doctor-ID')
}

describe.each(['1.2', '1.3+'] as const)('with a frontend of generation %s, all is well', (generation) => {
  async function setUp() {
    const folder = temporaryFolder()
    const prefix = generation === '1.2' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
    const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
    const trace = join(folder, 'trace.jsonl')
    const shell = {
      ...(generation === '1.3+' && { DYN_REQUEST_TRACE: '1' }),
      [`${prefix}_SINKS`]: 'jsonl',
      [`${prefix}_OUTPUT_PATH`]: trace,
      [`${prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: endpoint,
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
    }
    const frontend = await startFromShell(shell, { generation })
    return { folder, trace, frontend, shell: { ...shell, DYNAMO_BASE_URL: frontend.baseUrl } }
  }

  test('and everything is checked when everything is asked for', async () => {
    const { folder, trace, shell } = await setUp()
    const { code, stdout, stderr } = await doctor(shell, '--request', '--trace', trace, '--model', 'dynamo/scripted')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(settled(stdout, shell, folder)).toMatchFileSnapshot(`looks/healthy-${generation.replace('+', '')}.txt`)
    expect(stdout.match(/^ok /gm)).toHaveLength(15)
  })

  test('and the rows of an agent are judged, not those of earlier examinations', async () => {
    const { trace, shell, frontend } = await setUp()
    await doctor(shell, '--request', '--trace', trace)
    await runAgent(shell, { dialect: generation === '1.2' ? 'agent-context-body' : 'session-headers' })
    await frontend.drain()
    const { code, stdout } = await doctor(shell, '--trace', trace)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok {4}trace rows {6}2 requests and 2 tool events, joined in 1 trajectory$/m)
  })

  test('and nothing is sent that was not asked for', async () => {
    const { frontend, shell, trace } = await setUp()
    const { code, stdout } = await doctor(shell)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^skip {2}request {9}give --request to send one with identity and hints; it costs a token$/m)
    expect(stdout).toMatch(/^skip {2}trace file {6}give --trace FILE to check that rows arrive$/m)
    await frontend.drain()
    expect(frontend.counters).toMatchObject({ requests: { recorded: 0 }, toolEvents: { accepted: 0, dropped: 0 } })
    expect(existsSync(trace) ? readFileSync(trace, 'utf8') : '').toBe('')
  })
})

test('with compressed, rolled files all is well too', async () => {
  const folder = temporaryFolder()
  const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  const shell = {
    DYN_REQUEST_TRACE: '1',
    DYN_REQUEST_TRACE_SINKS: 'jsonl_gz',
    DYN_REQUEST_TRACE_OUTPUT_PATH: join(folder, 'trace.jsonl'),
    DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
    DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
  }
  const frontend = await startFromShell(shell)
  await runAgent({ ...shell, DYNAMO_BASE_URL: frontend.baseUrl })
  await vi.waitFor(() => {
    expect(frontend.counters.rows.written).toBe(4)
  })
  const trace = join(folder, 'trace.jsonl')
  const result = await doctor({ ...shell, DYNAMO_BASE_URL: frontend.baseUrl }, '--request', '--trace', trace)
  expect(faultsIn(result)).toEqual([])
  expect(result.stdout).toMatch(/^ok {4}trace file {6}the row of the request and a probe tool event came to /m)
  expect(result.stdout).toMatch(/^ok {4}trace rows {6}2 requests and 2 tool events, joined in 1 trajectory$/m)
})
