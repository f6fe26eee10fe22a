// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bin, run, start, temporaryFolder } from '../support/run.ts'
import { doctor, evaluate, faultsIn, findFreePort, startFromShell } from '../support/shell.ts'

describe('what it says', () => {
  test('of a faulty shell is what is wrong, why, and what to type', async () => {
    const frontend = await startFromShell({})
    const port = await findFreePort()
    const shell = {
      DYNAMO_BASE_URL: frontend.baseUrl,
      DYN_AGENT_DIALECT: 'agent-context-body',
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: `tcp://127.0.0.1:${port}`,
    }
    const { code, stdout, stderr } = await doctor(shell, '--model', 'scriptd', '--trace', 'trace.jsonl')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const settled = stdout
      .replaceAll(frontend.baseUrl, 'http://127.0.0.1:8000/v1')
      .replaceAll(String(port), '20390')
      .replaceAll(join(tmpdir(), 'trace.jsonl'), 'FOLDER/trace.jsonl')
      .replace(/^ok( +versions +).*$/m, 'ok$1Node, Pi and AI SDK')
    await expect(settled).toMatchFileSnapshot('../doctor/looks/faulty.txt')
    expect(stdout.split('\n').filter((line) => /^( {8}|\w+ \w)/.test(line) && line.length > 100)).toEqual([])
  })

  test('is JSON with --json, with the lines to type', async () => {
    const shell = { DYNAMO_BASE_URL: `http://127.0.0.1:${await findFreePort()}`, DYN_AGENT_OSL: 'many' }
    const { code, stdout } = await doctor(shell, '--json')
    expect(code).toBe(1)
    const report = JSON.parse(stdout) as { findings: { check: string }[] }
    expect(report).toMatchObject({ ok: false, problems: 2, warnings: 0, fixEnv: ['unset DYN_AGENT_OSL'] })
    expect(report.findings).toHaveLength(15)
    expect(report.findings).toContainEqual({
      check: 'environment',
      status: 'FAIL',
      seen: 'DYN_AGENT_OSL=many is neither a whole number above 0 nor auto',
      meaning: 'A value that cannot be used counts as unset.',
      cures: [
        {
          instruction: 'Set what you meant, or take it away:',
          lines: ['unset DYN_AGENT_OSL'],
          variables: { DYN_AGENT_OSL: null },
        },
      ],
      consequence: 'the default holds instead',
    })
    expect(report.findings).toContainEqual({
      check: 'models',
      status: 'skip',
      seen: 'not checked because of frontend',
      blockedBy: 'frontend',
    })
  })

  test('holds no control characters of a server', async () => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ data: [{ id: 'gpt\u001b]0;owned\u0007\u001b[2J\nok    clock  fine' }] }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { stdout } = await doctor({ DYNAMO_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    expect(stdout).toMatch(/^ok {4}models +1 listed: gpt/m)
    // eslint-disable-next-line no-control-regex -- Control characters are what is looked for.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
    expect(stdout).not.toMatch(/^ok {4}clock {2}fine/m)
  })
})

describe('eval "$(dynamo-agent doctor --fix-env)"', () => {
  test('mends the variables of the shell', async () => {
    const folder = temporaryFolder()
    const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
    const trace = join(folder, 'a trace.jsonl')
    const frontend = await startFromShell({
      DYN_REQUEST_TRACE: '1',
      DYN_REQUEST_TRACE_SINKS: 'jsonl',
      DYN_REQUEST_TRACE_OUTPUT_PATH: trace,
      DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
    })
    const broken = {
      DYNAMO_BASE_URL: frontend.baseUrl.replace('/v1', '/api/v1'),
      DYN_AGENT_DIALECT: 'headers',
      DYN_AGENT_PRIORITY: 'high',
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint.replace('tcp://', ''),
    }
    const command = `"${process.execPath}" "${bin}" doctor`
    const script = `eval "$(${command} --fix-env)"\n${command} --request --trace '${trace}'`
    const shell = spawn('bash', ['--norc', '-c', script], { env: { PATH: process.env.PATH, ...broken } })
    let stdout = ''
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    const [code] = (await once(shell, 'close')) as [number]
    expect({ code, faults: faultsIn({ stdout }) }, stdout).toEqual({ code: 0, faults: [] })
  })

  test('gives both sides the endpoint that a misspelt name holds', async () => {
    const trace = join(temporaryFolder(), 'trace.jsonl')
    const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
    const frontend = await startFromShell({
      DYN_REQUEST_TRACE: '1',
      DYN_REQUEST_TRACE_OUTPUT_PATH: trace,
      DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
    })
    const shell = { DYNAMO_BASE_URL: frontend.baseUrl, DYN_AGENT_TOOL_EVENT_ZMQ_ENDPOINT: endpoint }
    const { code, stdout } = await doctor(shell, '--fix-env', '--trace', trace)
    expect(code).toBe(1)
    const mended = evaluate(shell, stdout)
    expect(mended).toEqual({ DYNAMO_BASE_URL: frontend.baseUrl, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint })
    expect(faultsIn(await doctor(mended, '--request', '--trace', trace))).toEqual([])
  })

  test('builds on what it has mended before', async () => {
    const frontend = await startFromShell({})
    const address = frontend.baseUrl.replace('://', '://user:word@').replace('/v1', '/api/v1')
    const shell = { DYNAMO_BASE_URL: address }
    const { stdout } = await doctor(shell, '--fix-env')
    expect(evaluate(shell, stdout)).toEqual({ DYNAMO_BASE_URL: frontend.baseUrl })
    const { stdout: printed } = await doctor(shell)
    expect(evaluate(shell, (printed.match(/^ {10}export .*$/gm) ?? []).join('\n'))).toEqual({
      DYNAMO_BASE_URL: frontend.baseUrl,
    })
  })

  test('prints shell lines and nothing else, with what they cannot mend on standard error', async () => {
    const port = await findFreePort()
    const shell = { DYNAMO_BASE_URL: `http://127.0.0.1:${port}`, DYN_AGENT_DISABLE: '1' }
    const { code, stdout, stderr } = await doctor(shell, '--fix-env')
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'unset DYN_AGENT_DISABLE\n' })
    expect(stderr).toMatch(/^dynamo-agent: no variable mends frontend: http:\S+ cannot be reached/)
  })

  test('prints nothing where all is well', async () => {
    const frontend = await startFromShell({})
    const shell = { DYNAMO_BASE_URL: frontend.baseUrl }
    const { stdout } = await doctor(shell, '--fix-env')
    expect(
      stdout
        .split('\n')
        .filter((line) => !/^export \w+TOOL_EVENTS_ZMQ_ENDPOINT=|^export DYN_REQUEST_TRACE(=1|_RECORDS=request_end,tool)$/.test(line)),
    ).toEqual([''])
  })
})

test('Ctrl-C ends it at once', async () => {
  const silent = createTcpServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const asked = once(silent, 'connection')
  onTestFinished(() => void silent.close())
  const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const running = start(['doctor'], { environment: { DYNAMO_BASE_URL: address } })
  const [socket] = (await asked) as [Socket]
  running.child.kill('SIGINT')
  expect(await running.finished).toMatchObject({ code: 130, stdout: '', stderr: 'dynamo-agent: stopped\n' })
  socket.destroy()
})

test('what was not asked for is not called a consequence of what is wrong', async () => {
  const frontend = await startFromShell({})
  const { stdout } = await doctor({ DYNAMO_BASE_URL: frontend.baseUrl }, '--model', 'nope')
  expect(faultsIn({ stdout })).toContain('FAIL model')
  expect(stdout).toMatch(/^skip {2}request {9}give --request/m)
  expect(stdout).not.toMatch(/^Not checked because of that:.* request/m)
})

describe('what it refuses', () => {
  test.each([
    { args: ['--json', '--fix-env'], says: '--json and --fix-env exclude each other' },
    { args: ['--trace', ''], says: '--trace needs a value' },
    { args: ['--model', ''], says: '--model needs a value' },
    { args: ['frontend'], says: 'doctor does not know what to do with "frontend"' },
  ])('$says', async ({ args, says }) => {
    const { code, stdout, stderr } = await run(['doctor', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`dynamo-agent: ${says}\n`)
    expect(stderr).toContain('Usage: dynamo-agent doctor [OPTION…]')
  })
})
