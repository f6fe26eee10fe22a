// SPDX-License-Identifier: Apache-2.0
import type { LocalFrontend } from '@dynamo-agent/local-frontend'
import { startLocalFrontend } from '@dynamo-agent/local-frontend'
import { exec } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  doctor,
  evaluate,
  faultsIn,
  findFreePort,
  linesToType,
  startFromShell,
  typeCures,
  type Shell,
} from '../support/shell.ts'

const inShell = promisify(exec)

/** Healthy; shared by faults that lie in the shell alone. */
let shared: LocalFrontend
let endpoint: string
let healthy: Shell

beforeAll(async () => {
  endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  shared = await startFromShell(
    { DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint },
    { isShared: true },
  )
  healthy = { DYNAMO_BASE_URL: shared.baseUrl, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint }
})

afterAll(() => shared.close())

async function expectHealthy(shell: Shell, ...args: readonly string[]): Promise<void> {
  const { code, stdout } = await doctor(shell, ...args)
  expect({ code, faults: faultsIn({ stdout }) }, stdout).toEqual({ code: 0, faults: [] })
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** A server that lists models and answers chats as any OpenAI-compatible one does. */
function openAiServer(models: readonly string[], status = () => 200): RequestListener {
  return (request, response) => {
    request.resume()
    const isList = request.url === '/v1/models'
    const body = isList
      ? { object: 'list', data: models.map((id) => ({ id, object: 'model' })) }
      : status() === 200
        ? { choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'length' }] }
        : { error: { message: 'the engine is out of order' } }
    const found = isList || request.url === '/v1/chat/completions'
    response.writeHead(found ? (isList ? 200 : status()) : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ? body : {}))
  }
}

describe('the frontend', () => {
  test('does not run: started as printed, it does', async () => {
    const port = await findFreePort()
    const shell = { ...healthy, DYNAMO_BASE_URL: `http://127.0.0.1:${port}` }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL frontend'] })
    expect(result.stdout).toContain(`http://127.0.0.1:${port}/v1 cannot be reached: connect ECONNREFUSED`)
    const [start = ''] = linesToType(result)
    const [, printedPort] = /^python3 -m dynamo\.frontend --http-port (\d+)$/.exec(start) ?? []
    await startFromShell(shell, { port: Number(printedPort) })
    await expectHealthy(shell)
  })

  test('is looked for by a name that no host has: with its own, it is found', async () => {
    const shell = { ...healthy, DYNAMO_BASE_URL: 'http://no-such-host.invalid:8000/v1' }
    const result = await doctor(shell)
    expect(faultsIn(result)).toEqual(['FAIL frontend'])
    expect(result.stdout).toContain('No host is known by the name no-such-host.invalid.')
    const [line = ''] = linesToType(result)
    const { hostname, port } = new URL(shared.baseUrl)
    await expectHealthy(evaluate(shell, line.replace('HOST', hostname).replace('PORT', port)))
  })

  test.each([
    {
      name: 'is addressed with https and speaks http',
      url: () => shared.baseUrl.replace('http:', 'https:'),
      fault: 'FAIL frontend',
    },
    { name: 'is addressed with a wrong path', url: () => shared.baseUrl.replace('/v1', '/api'), fault: 'FAIL models' },
  ])('$name: mended by the printed line', async ({ url, fault }) => {
    const shell = { ...healthy, DYNAMO_BASE_URL: url() }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }, result.stdout).toEqual({ code: 1, faults: [fault] })
    expect(linesToType(result)).toEqual([`export DYNAMO_BASE_URL=${shared.baseUrl}`])
    await expectHealthy(typeCures(shell, result))
  })

  test('is looked for at the port of tool events: with its own, it is found', async () => {
    const shell = { ...healthy, DYNAMO_BASE_URL: endpoint.replace('tcp:', 'http:') }
    const result = await doctor(shell)
    expect(faultsIn(result)).toEqual(['FAIL frontend'])
    expect(result.stdout).toContain('Something listens there that does not speak HTTP.')
    const [line = ''] = linesToType(result)
    const { hostname, port } = new URL(shared.baseUrl)
    await expectHealthy(evaluate(shell, line.replace('HOST', hostname).replace('PORT', port)))
  })

  test('fails to answer: the fault is on its side', async () => {
    const url = await serve((_request, response) => void response.writeHead(503).end('no capacity'))
    const result = await doctor({ ...healthy, DYNAMO_BASE_URL: url })
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL models'] })
    expect(result.stdout).toContain('answered 503: no capacity')
  })

  test('is no Dynamo: behind one that records, it does', async () => {
    const upstream = await serve(openAiServer(['gpt']))
    const shell = { ...healthy, DYNAMO_BASE_URL: upstream }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 0, faults: ['warn dialect'] })
    expect(linesToType(result)).toEqual([`dynamo-agent record --upstream ${upstream} -- COMMAND`])
    const frontend = await startLocalFrontend({ model: { upstream }, toolEvents: false })
    onTestFinished(() => frontend.close())
    await expectHealthy({ ...shell, DYNAMO_BASE_URL: frontend.baseUrl })
  })
})

describe('authentication fails', () => {
  test.each([
    { name: 'without a token', given: {}, seen: 'answers 401 to the default token' },
    { name: 'with another token', given: { DYNAMO_API_KEY: 'not-the-one' }, seen: 'answers 401 to DYNAMO_API_KEY' },
  ])('$name: with that of the deployment it does not', async ({ given, seen }) => {
    const { baseUrl } = await startFromShell({}, { apiKey: 'open-sesame' })
    const shell = { ...healthy, ...given, DYNAMO_BASE_URL: baseUrl }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL authentication'] })
    expect(result.stdout).toContain(seen)
    expect(result.stdout).not.toContain('not-the-one')
    const [line = ''] = linesToType(result)
    await expectHealthy(evaluate(shell, line.replace('TOKEN', 'open-sesame')))
  })
})

describe('pi reports the model as unknown', () => {
  test('because the list of models is empty: when the printed command lists one, all is well', async () => {
    const models: string[] = []
    const upstream = await serve(openAiServer(models))
    const frontend = await startLocalFrontend({ model: { upstream }, toolEvents: false })
    onTestFinished(() => frontend.close())
    const shell = { ...healthy, DYNAMO_BASE_URL: frontend.baseUrl }
    const result = await doctor(shell, '--model', 'qwen3-coder')
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL models'] })
    const [line = ''] = linesToType(result)
    models.push('qwen3-coder')
    expect((await inShell(line)).stdout).toContain('qwen3-coder')
    await expectHealthy(shell, '--model', 'qwen3-coder')
  })

  test('because there is no such model: with the one that is printed, all is well', async () => {
    const result = await doctor(healthy, '--model', 'dynamo/scriptd')
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL model'] })
    const [line = ''] = linesToType(result)
    expect(line).toBe('pi --model dynamo/scripted')
    await expectHealthy(healthy, '--model', line.replace('pi --model ', ''))
  })
})

test('a request is refused: when its upstream is mended, it is served', async () => {
  let status = 500
  const upstream = await serve(openAiServer(['gpt'], () => status))
  const frontend = await startLocalFrontend({ model: { upstream }, toolEvents: false })
  onTestFinished(() => frontend.close())
  const shell = { ...healthy, DYNAMO_BASE_URL: frontend.baseUrl }
  const result = await doctor(shell, '--request')
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL request'] })
  expect(result.stdout).toContain('gpt answered 500: the engine is out of order')
  status = 200
  await expectHealthy(shell, '--request')
})

describe('a variable', () => {
  test.each([
    { name: 'of the dialect', variables: () => ({ DYN_AGENT_DIALECT: 'headers' }) },
    { name: 'of a hint', variables: () => ({ DYN_AGENT_PRIORITY: 'high', DYN_AGENT_OSL: '0' }) },
    {
      name: 'of the endpoint',
      variables: () => ({ DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint.slice('tcp://'.length) }),
    },
  ])('$name cannot be used: mended by the printed lines', async ({ variables }) => {
    const shell = { ...healthy, ...variables() }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL environment'] })
    await expectHealthy(typeCures(shell, result))
  })

  test('of the frontend cannot be used: nothing is asked of another frontend meanwhile', async () => {
    const shell = { ...healthy, DYNAMO_BASE_URL: 'ftp://127.0.0.1/v1' }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL environment'] })
    expect(result.stdout).toMatch(/^Not checked because of that: frontend, /m)
    // Which one was meant is nothing that doctor can know; the default is all that is left.
    expect(typeCures(shell, result)).not.toHaveProperty('DYNAMO_BASE_URL')
  })

  test.each([
    {
      name: 'is misspelt',
      variables: () => ({ DYN_AGENT_TOOL_EVENT_ZMQ_ENDPOINT: endpoint, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: '' }),
    },
    { name: 'is nothing known', variables: () => ({ DYN_AGENT_FROBNICATE: '1' }) },
    { name: 'switches everything off', variables: () => ({ DYN_AGENT_DISABLE: '1' }) },
  ])('$name: mended by the printed lines', async ({ variables }) => {
    const shell = { ...healthy, ...variables() }
    const result = await doctor(shell)
    expect(result.code).toBe(0)
    expect(faultsIn(result)[0]).toBe('warn environment')
    await expectHealthy(typeCures(shell, result))
  })
})

test.each(['1.2', '1.3+'] as const)(
  'the dialect is set to what generation %s does not speak: mended by the printed line',
  async (generation) => {
    const { baseUrl } = await startFromShell({}, { generation })
    const wrong = generation === '1.2' ? 'session-headers' : 'agent-context-body'
    const shell = { ...healthy, DYNAMO_BASE_URL: baseUrl, DYN_AGENT_DIALECT: wrong }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL dialect'] })
    expect(linesToType(result)).toEqual(['export DYN_AGENT_DIALECT=auto'])
    await expectHealthy(typeCures(shell, result))
  },
)
