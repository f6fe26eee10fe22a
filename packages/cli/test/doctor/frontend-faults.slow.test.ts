// SPDX-License-Identifier: Apache-2.0
import type { LocalFrontend } from '@dynamo-agent/local-frontend'
import { startLocalFrontend } from '@dynamo-agent/local-frontend'
import { exec } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
import { temporaryFolder } from '../support/run.ts'
import { certificate } from './certificate.ts'
import { answerWebPage, expectHealthy, openAiServer, passTo, serve, webPage } from './servers.ts'

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
    { name: 'is addressed with a wrong path', url: () => shared.baseUrl.replace('/v1', '/api') },
    { name: 'is addressed by one of its paths', url: () => `${shared.baseUrl}/chat/completions` },
    { name: 'is addressed with a slash too many', url: () => shared.baseUrl.replace('/v1', '//v1') },
    {
      name: 'is addressed with a slash too few',
      url: () => shared.baseUrl.replace('://', ':/'),
      fault: 'FAIL environment',
    },
    { name: 'is addressed in quotes', url: () => `"${shared.baseUrl}"`, fault: 'FAIL environment' },
    { name: 'is addressed as a socket', url: () => shared.baseUrl.replace('http:', 'tcp:'), fault: 'FAIL environment' },
    { name: 'is addressed with another scheme', url: () => shared.baseUrl.replace('http:', 'https:') },
    { name: 'is looked for at ::1 only', url: () => shared.baseUrl.replace('127.0.0.1', '[::1]') },
  ])('$name: mended by the printed line', async ({ url, fault = 'FAIL frontend' }) => {
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
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL frontend'] })
    expect(result.stdout).toContain('answered 503: no capacity')
  })

  test('is another server, which shows a web page: with its own address, it is found', async () => {
    const shell = { ...healthy, DYNAMO_BASE_URL: await serve(answerWebPage) }
    const result = await doctor(shell, '--request')
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL frontend'] })
    expect(result.stdout).toContain('/models answered with a web page, not with a model list')
    // What was asked of that server says nothing of Dynamo, and its token was not put to a test.
    expect(result.stdout).toMatch(/^Not checked because of that: authentication, models, /m)
    const [line = ''] = linesToType(result)
    const { hostname, port } = new URL(shared.baseUrl)
    await expectHealthy(evaluate(shell, line.replace('HOST', hostname).replace('PORT', port)), '--request')
  })

  test('hangs up: told apart from one that does not run', async () => {
    const url = await serve((request) => void request.socket.destroy())
    const result = await doctor({ ...healthy, DYNAMO_BASE_URL: url })
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL frontend'] })
    expect(result.stdout).toContain('Something listens there and hangs up')
    expect(linesToType(result)).toEqual(['export DYNAMO_BASE_URL=http://HOST:PORT/v1'])
  })

  test('is looked for at a port that no client asks at', async () => {
    const result = await doctor({ ...healthy, DYNAMO_BASE_URL: 'http://127.0.0.1:6000' })
    expect(faultsIn(result)).toEqual(['FAIL frontend'])
    expect(result.stdout).toContain('No client asks at port 6000')
  })

  test('shows its certificate, of its own making and for another name: mended step by step', async () => {
    const file = join(temporaryFolder(), 'certificate.pem')
    writeFileSync(file, certificate)
    const url = await serve(passTo(shared.baseUrl), { tls: true })
    const shell = { ...healthy, DYNAMO_BASE_URL: url }
    const untrusted = await doctor(shell)
    expect({ code: untrusted.code, faults: faultsIn(untrusted) }).toEqual({ code: 1, faults: ['FAIL frontend'] })
    expect(linesToType(untrusted)).toEqual(['export NODE_EXTRA_CA_CERTS=FILE'])

    const trusting = { ...shell, NODE_EXTRA_CA_CERTS: file }
    const misnamed = await doctor(trusting)
    expect(faultsIn(misnamed)).toEqual(['FAIL frontend'])
    expect(misnamed.stdout).toContain('Its certificate is for localhost.')
    expect(linesToType(misnamed)).toEqual([`export DYNAMO_BASE_URL=${url.replace('127.0.0.1', 'localhost')}`])
    await expectHealthy({ ...typeCures(trusting, misnamed), NODE_EXTRA_CA_CERTS: file })

    const plain = await doctor({ ...trusting, DYNAMO_BASE_URL: url.replace('https:', 'http:') })
    expect(faultsIn(plain)).toEqual(['FAIL frontend'])
    expect(linesToType(plain)).toEqual([`export DYNAMO_BASE_URL=${url}`])
  })

  test.each([
    { status: 302, finds: 'FAIL frontend', why: 'requests arrive as questions' },
    { status: 308, finds: 'warn frontend', why: 'requests are made twice' },
    { status: 308, token: 'sk-own', finds: 'FAIL frontend', why: 'requests arrive without their token' },
  ])('is reached by a redirect ($status), so that $why: mended by the printed line', async (redirect) => {
    const { status, token, finds } = redirect
    const url = await serve((request, response) => {
      request.resume()
      response.writeHead(status, { location: `${shared.baseUrl.replace('/v1', '')}${request.url}` }).end()
    })
    const shell = { ...healthy, DYNAMO_BASE_URL: url, DYNAMO_API_KEY: token }
    const result = await doctor(shell, '--request')
    expect({ code: result.code, faults: faultsIn(result) }, result.stdout).toEqual({
      code: finds.startsWith('FAIL') ? 1 : 0,
      faults: [finds],
    })
    expect(linesToType(result)).toEqual([`export DYNAMO_BASE_URL=${shared.baseUrl}`])
    await expectHealthy(typeCures(shell, result), '--request')
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

describe('authentication fails where it is not looked for', () => {
  test('because the list of models is open to everybody: with the token that is printed, it does not', async () => {
    const gateway = passTo(shared.baseUrl, (request, response) => {
      if (request.url === '/v1/models' || request.headers.authorization === 'Bearer open-sesame') return false
      response.writeHead(401).end('{"error":{"message":"no such key"}}')
      return true
    })
    const shell = { ...healthy, DYNAMO_BASE_URL: await serve(gateway), OPENAI_API_KEY: 'open-sesame' }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL authentication'] })
    expect(result.stdout).toContain('lists models, and answers 401 to a request with the default token')
    expect(result.stdout).not.toContain('open-sesame')
    const [ifItIsThatOne = ''] = linesToType(result)
    await expectHealthy(evaluate(shell, ifItIsThatOne), '--request')
  })

  test('because requests alone are refused: named as such', async () => {
    const gateway = passTo(shared.baseUrl, (request, response) => {
      if (!request.url?.endsWith('/chat/completions')) return false
      response.writeHead(403).end(JSON.stringify({ error: { message: `not for ${request.headers.authorization}` } }))
      return true
    })
    const shell = { ...healthy, DYNAMO_BASE_URL: await serve(gateway), DYNAMO_API_KEY: 'sk-mine' }
    const result = await doctor(shell, '--request')
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL request'] })
    expect(result.stdout).toContain('answered 403 to DYNAMO_API_KEY: not for Bearer …')
    expect(result.stdout).not.toContain('sk-mine')
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

test('a request is answered by a web page: something else answers in place of the frontend', async () => {
  const gateway = passTo(shared.baseUrl, (request, response) => {
    if (!request.url?.endsWith('/chat/completions')) return false
    answerWebPage(request, response)
    return true
  })
  const shell = { ...healthy, DYNAMO_BASE_URL: await serve(gateway) }
  const result = await doctor(shell, '--request')
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL request'] })
  expect(result.stdout).toContain('scripted answered 200: a web page')
  const [line = ''] = linesToType(result)
  expect((await inShell(line)).stdout).toBe(webPage)
  await expectHealthy(healthy, '--request')
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
    // Which one was meant is nothing that doctor can know.
    expect(linesToType(result)).toEqual(['export DYNAMO_BASE_URL=http://HOST:PORT/v1'])
  })

  test.each([
    { name: 'of the address', misspelt: 'DYN_BASE_URL', meant: 'DYNAMO_BASE_URL' },
    { name: 'of the address, without an underscore,', misspelt: 'DYNAMO_BASEURL', meant: 'DYNAMO_BASE_URL' },
    { name: 'of the token', misspelt: 'DYNAMO_APIKEY', meant: 'DYNAMO_API_KEY' },
  ])('$name is called $misspelt: found first, and mended by the printed lines', async ({ misspelt, meant }) => {
    const secured = await startFromShell({}, { apiKey: 'open-sesame' })
    const right: Shell = { DYNAMO_BASE_URL: secured.baseUrl, DYNAMO_API_KEY: 'open-sesame' }
    const shell = { ...healthy, ...right, [meant]: undefined, [misspelt]: right[meant] }
    const result = await doctor(shell)
    expect({ code: result.code, first: faultsIn(result)[0] }).toEqual({ code: 1, first: 'FAIL environment' })
    expect(result.stdout).not.toContain('open-sesame')
    await expectHealthy(typeCures(shell, result))
    // Nor does anything that is printed later undo it.
    const everyLine = result.stdout.match(/^ {10}(export|unset) .*$/gm) ?? []
    await expectHealthy(evaluate(shell, everyLine.join('\n')))
  })

  test('of the token is no header: nothing is sent, and nothing of it shown', async () => {
    const secured = await startFromShell({}, { apiKey: 'open-sesame' })
    const shell = { ...healthy, DYNAMO_BASE_URL: secured.baseUrl, DYNAMO_API_KEY: 'open-sesame\n# key of May' }
    for (const format of [[], ['--json'], ['--fix-env']]) {
      const { code, stdout, stderr } = await doctor(shell, ...format)
      expect(code).toBe(1)
      expect(stdout + stderr).not.toMatch(/sesame|May/)
    }
    const result = await doctor(shell)
    expect(faultsIn(result)).toEqual(['FAIL environment'])
    const [line = ''] = linesToType(result)
    await expectHealthy(evaluate(shell, line.replace('TOKEN', 'open-sesame')))
  })

  test.each([
    { name: 'holds a password', url: () => shared.baseUrl.replace('://', '://user:pass-word@') },
    { name: 'holds a query', url: () => `${shared.baseUrl}?key=pass-word` },
  ])('of the address $name: what is left out is said, not shown', async ({ url }) => {
    const shell = { ...healthy, DYNAMO_BASE_URL: url() }
    const result = await doctor(shell)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 0, faults: ['warn environment'] })
    expect(result.stdout).not.toContain('pass-word')
    await expectHealthy(typeCures(shell, result))
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

test('a proxy stands between Pi and the frontend: it is said, not used, and mended by the printed line', async () => {
  const proxy = (await serve(answerWebPage)).replace('http://', 'http://user:pass-word@').replace('/v1', '')
  for (const more of [{}, { NODE_USE_ENV_PROXY: '1' }]) {
    const shell = { ...healthy, ...more, HTTP_PROXY: proxy, NO_PROXY: 'example.com' }
    const result = await doctor(shell, '--request')
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 0, faults: ['warn environment'] })
    expect(result.stdout).not.toContain('pass-word')
    expect(linesToType(result)).toEqual(['export NO_PROXY=example.com,127.0.0.1'])
    await expectHealthy({ ...shell, NO_PROXY: 'example.com,127.0.0.1' }, '--request')
  }
})
