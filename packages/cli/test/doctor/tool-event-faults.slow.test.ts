// SPDX-License-Identifier: Apache-2.0
import type { Generation } from '@dynamo-agent/local-frontend'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/run.ts'
import { doctor, faultsIn, findFreePort, linesToType, startFromShell, typeCures, type Shell } from '../support/shell.ts'
import { passTo, serve } from './servers.ts'

/** A fault that lies in a shell from which both the frontend and the agent are started. */
interface Fault {
  readonly name: string
  readonly generation?: Generation
  /** What the shell has besides the address of the frontend. */
  readonly shell: (endpoint: string, trace: string) => Shell
  /** @defaultValue with --trace */
  readonly withoutTrace?: boolean
  /** Of the endpoint. @defaultValue any */
  readonly port?: number
  readonly finds: string
  /** What is found besides. */
  readonly also?: readonly string[]
  /** What is still found when that is mended. */
  readonly leaves?: readonly string[]
  readonly says: string
}

const agent = 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT'
const other = 'tcp://127.0.0.1:9'

/** What Dynamo 1.3 and later need, and what 1.2 does. */
const newNames = (endpoint: string, trace: string) => ({
  DYN_REQUEST_TRACE: '1',
  DYN_REQUEST_TRACE_SINKS: 'jsonl',
  DYN_REQUEST_TRACE_OUTPUT_PATH: trace,
  DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
})
const oldNames = (endpoint: string, trace: string) => ({
  DYN_AGENT_TRACE_SINKS: 'jsonl',
  DYN_AGENT_TRACE_OUTPUT_PATH: trace,
  DYN_AGENT_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint,
})

const faults: readonly Fault[] = [
  {
    name: 'the names of 1.2 are set for a later Dynamo',
    shell: (endpoint, trace) => ({ ...oldNames(endpoint, trace), [agent]: endpoint }),
    finds: 'FAIL variables',
    says: 'Dynamo 1.6.1 does not read DYN_AGENT_TRACE_SINKS, DYN_AGENT_TRACE_OUTPUT_PATH, ',
  },
  {
    name: 'the names of 1.3 are set for Dynamo 1.2',
    generation: '1.2',
    shell: (endpoint, trace) => ({ ...newNames(endpoint, trace), [agent]: endpoint }),
    finds: 'FAIL variables',
    says: 'Dynamo 1.2.1 does not read DYN_REQUEST_TRACE, DYN_REQUEST_TRACE_SINKS, ',
  },
  {
    name: 'the switch of 1.3 is missing',
    shell: (endpoint, trace) => ({ ...newNames(endpoint, trace), DYN_REQUEST_TRACE: '', [agent]: endpoint }),
    finds: 'FAIL tracing',
    says: 'tracing is not switched on in this shell',
  },
  {
    name: 'the sinks of 1.2 are missing (tool spans appear, request spans do not)',
    generation: '1.2',
    shell: (endpoint, trace) => ({
      ...oldNames(endpoint, trace),
      DYN_AGENT_TRACE: '1',
      DYN_AGENT_TRACE_SINKS: '',
      [agent]: endpoint,
    }),
    finds: 'FAIL tracing',
    says: 'tracing names no sinks in this shell',
  },
  {
    name: 'the path of 1.2 is missing',
    generation: '1.2',
    shell: (endpoint, trace) => ({ ...oldNames(endpoint, trace), DYN_AGENT_TRACE_OUTPUT_PATH: '', [agent]: endpoint }),
    finds: 'FAIL tracing',
    says: 'DYN_AGENT_TRACE_OUTPUT_PATH is not set',
  },
  {
    name: 'the endpoint is not set for the frontend (LLM spans appear, tool spans do not)',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: '',
      [agent]: endpoint,
    }),
    finds: 'FAIL tool events',
    says: 'the frontend does not listen there',
  },
  {
    name: 'the endpoint is not set for the frontend, nor anything else',
    withoutTrace: true,
    shell: (endpoint) => ({ [agent]: endpoint }),
    finds: 'FAIL tool events',
    says: 'Dynamo binds this port only when it is told to, and only while it traces tools.',
  },
  {
    name: 'the endpoint is not set for the frontend of 1.2',
    generation: '1.2',
    shell: (endpoint, trace) => ({
      ...oldNames(endpoint, trace),
      DYN_AGENT_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: '',
      [agent]: endpoint,
    }),
    finds: 'FAIL tool events',
    says: 'the frontend does not listen there',
  },
  {
    name: 'the endpoints of the two sides differ',
    shell: (endpoint, trace) => ({ ...newNames(endpoint, trace), [agent]: other }),
    finds: 'FAIL tool events',
    says: `the agent sends to ${other}, a frontend of this shell listens on tcp://`,
  },
  {
    name: 'the endpoint is set by the name of the frontend alone',
    shell: (endpoint, trace) => newNames(endpoint, trace),
    finds: 'warn tool events',
    says: 'knows by DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT alone',
  },
  {
    name: 'a name of Dynamo is misspelt',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: '',
      DYN_REQUEST_TRACE_TOOL_EVENT_ZMQ_ENDPOINT: endpoint,
    }),
    withoutTrace: true,
    finds: 'FAIL variables',
    says: 'Dynamo reads no DYN_REQUEST_TRACE_TOOL_EVENT_ZMQ_ENDPOINT',
    leaves: ['warn tool events'],
  },
  ...['OUTPUT', 'PATH', 'JSONL_PATH'].map((end) => ({
    name: `the path is called DYN_REQUEST_TRACE_${end}`,
    shell: (endpoint: string, trace: string) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_OUTPUT_PATH: '',
      [`DYN_REQUEST_TRACE_${end}`]: trace,
      [agent]: endpoint,
    }),
    finds: 'FAIL variables',
    says: `Dynamo reads no DYN_REQUEST_TRACE_${end}`,
  })),
  {
    name: 'the path has a name of no release, by the prefix of 1.2',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_OUTPUT_PATH: '',
      DYN_AGENT_TRACE_JSONL_PATH: trace,
      [agent]: endpoint,
    }),
    finds: 'FAIL variables',
    says: 'Dynamo 1.6.1 does not read DYN_AGENT_TRACE_JSONL_PATH',
  },
  {
    name: 'the path has a name of no release, by the prefix of 1.3',
    generation: '1.2',
    shell: (endpoint, trace) => ({
      ...oldNames(endpoint, trace),
      DYN_AGENT_TRACE_OUTPUT_PATH: '',
      DYN_REQUEST_TRACE_JSONL_PATH: trace,
      [agent]: endpoint,
    }),
    finds: 'FAIL variables',
    says: 'Dynamo 1.2.1 does not read DYN_REQUEST_TRACE_JSONL_PATH',
  },
  {
    name: 'a name of Dynamo is none of any release',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_SAMPLE_RATIO: '0.5',
      [agent]: endpoint,
    }),
    finds: 'warn variables',
    says: 'Dynamo reads no DYN_REQUEST_TRACE_SAMPLE_RATIO',
  },
  {
    name: 'one of the sinks is none that Dynamo knows',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_SINKS: 'json,jsonl',
      [agent]: endpoint,
    }),
    finds: 'warn tracing',
    says: 'of DYN_REQUEST_TRACE_SINKS Dynamo 1.6.1 knows no json',
  },
  {
    name: 'no sink is one that Dynamo knows',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      DYN_REQUEST_TRACE_SINKS: 'json',
      [agent]: endpoint,
    }),
    finds: 'FAIL tracing',
    says: 'DYN_REQUEST_TRACE_SINKS=json is no sink of Dynamo 1.6.1',
  },
  {
    name: 'the endpoint has no port',
    shell: (endpoint, trace) => ({ ...newNames(endpoint, trace), [agent]: 'tcp://127.0.0.1' }),
    port: 20390,
    finds: 'FAIL environment',
    says: 'is not a ZeroMQ endpoint',
  },
  {
    name: 'the topics of the two sides differ',
    shell: (endpoint, trace) => ({
      ...newNames(endpoint, trace),
      [agent]: endpoint,
      DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC: 'tools',
    }),
    finds: 'FAIL tool events',
    says: 'the agent sends under the topic tools, a frontend of this shell takes agent-tool-events',
  },
]

test.each(faults)('$name: found first, and mended by the printed lines', async (fault) => {
  const { generation = '1.3+', withoutTrace = false, also = [], leaves = [], port = await findFreePort() } = fault
  const folder = temporaryFolder()
  const trace = join(folder, 'trace.jsonl')
  const args = withoutTrace ? [] : ['--request', '--trace', trace]
  const broken = fault.shell(`tcp://127.0.0.1:${port}`, trace)
  const frontend = await startFromShell(broken, { generation })
  const shell = { ...broken, DYNAMO_BASE_URL: frontend.baseUrl }

  const result = await doctor(shell, ...args)
  expect({ code: result.code, faults: faultsIn(result) }, result.stdout).toEqual({
    code: fault.finds.startsWith('FAIL') ? 1 : 0,
    faults: [fault.finds, ...also],
  })
  expect(result.stdout).toContain(fault.says)

  await frontend.close()
  const mended = typeCures(shell, result)
  await startFromShell(mended, { generation, port: Number(new URL(frontend.baseUrl).port) })
  const again = await doctor(mended, ...args)
  expect({ code: again.code, faults: faultsIn(again) }, again.stdout).toEqual({ code: 0, faults: leaves })
})

describe('the endpoint is not set for either side (LLM spans appear, tool spans do not)', () => {
  test.each([
    { asked: 'FAILs with a trace to look at', args: ['--trace'], finds: 'FAIL tool events' },
    { asked: 'is a warning without', args: [], finds: 'warn tool events' },
  ])('$asked, and the printed lines set both', async ({ args, finds }) => {
    const trace = join(temporaryFolder(), 'trace.jsonl')
    const broken = { ...newNames('', trace) }
    const frontend = await startFromShell(broken)
    const shell = { ...broken, DYNAMO_BASE_URL: frontend.baseUrl }
    const result = await doctor(shell, ...args.flatMap((option) => [option, trace]))
    expect(faultsIn(result)).toEqual([finds])
    expect(linesToType(result)).toEqual([
      'export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=tcp://127.0.0.1:20390',
      'export DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT=tcp://127.0.0.1:20390',
    ])
    await frontend.close()
    const mended = typeCures(shell, result)
    await startFromShell(mended, { port: Number(new URL(frontend.baseUrl).port) })
    expect(faultsIn(await doctor(mended, '--request', '--trace', trace))).toEqual([])
  })
})

const [networkAddress] = Object.values(networkInterfaces()).flatMap((interfaces = []) =>
  interfaces.flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
)

test.runIf(networkAddress)('a frontend that is reached over a network is told to listen there too', async () => {
  const host = networkAddress ?? ''
  const frontend = await startFromShell({}, { host })
  expect(linesToType(await doctor({ DYNAMO_BASE_URL: frontend.baseUrl }))).toEqual([
    'export DYN_REQUEST_TRACE=1',
    'export DYN_REQUEST_TRACE_RECORDS=request_end,tool',
    'export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=tcp://0.0.0.0:20390',
    `export DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT=tcp://${host}:20390`,
  ])
})

test('the agent sends to the port for HTTP: mended by the printed line', async () => {
  const endpoint = 'tcp://127.0.0.1:20390'
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const frontend = await startFromShell(newNames(endpoint, trace))
  const shell = { DYNAMO_BASE_URL: frontend.baseUrl, [agent]: frontend.baseUrl.replace(/^http(.*)\/v1$/, 'tcp$1') }
  const result = await doctor(shell)
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
  expect(linesToType(result)).toEqual([`export ${agent}=${endpoint}`])
  expect(faultsIn(await doctor(typeCures(shell, result)))).toEqual([])
})

test('a frontend of another shell records requests alone: mended by the printed lines', async () => {
  const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const own = { ...newNames(endpoint, trace), DYN_REQUEST_TRACE_RECORDS: 'request_end' }
  const frontend = await startFromShell(own)
  const shell = { DYNAMO_BASE_URL: frontend.baseUrl, [agent]: endpoint }
  const result = await doctor(shell, '--request', '--trace', trace)
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
  await frontend.close()
  await startFromShell(typeCures(own, result), { port: Number(new URL(frontend.baseUrl).port) })
  expect(faultsIn(await doctor(shell, '--request', '--trace', trace))).toEqual([])
})

test('a frontend that takes options instead of variables is told those too', async () => {
  const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const frontend = await startFromShell({})
  const shell = { DYNAMO_BASE_URL: frontend.baseUrl, [agent]: endpoint }
  const { stdout } = await doctor(shell, '--trace', trace)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`(dynamo-agent serve: --trace ${trace} --tool-events ${endpoint})`)
  const known = await doctor({ ...shell, ...newNames(endpoint, trace) }, '--trace', trace)
  expect(known.stdout.replaceAll(/\s+/g, ' ')).toContain('was started without them, or reads none of them')
})

describe('the endpoint is one that the frontend cannot bind', () => {
  /** Dynamo then goes on without tool events (measured on 1.2.1 and 1.6.1). */
  const startDeaf = (shell: Shell, generation: Generation) =>
    startFromShell(
      Object.fromEntries(Object.entries(shell).filter(([name]) => !name.endsWith('_ZMQ_ENDPOINT'))),
      { generation },
    )

  test.each([
    { generation: '1.3+', host: 'localhost', names: newNames, says: 'ZeroMQ takes addresses there, and no names' },
    { generation: '1.2', host: 'localhost', names: oldNames, says: 'ZeroMQ takes addresses there, and no names' },
    { generation: '1.2', host: '[::1]', names: oldNames, says: 'it knows no IPv6 there' },
  ] as const)('$host on $generation: mended by the printed lines', async ({ generation, host, names, says }) => {
    const trace = join(temporaryFolder(), 'trace.jsonl')
    const endpoint = `tcp://${host}:${await findFreePort()}`
    const broken = { ...names(endpoint, trace), [agent]: endpoint }
    const frontend = await startDeaf(broken, generation)
    const shell = { ...broken, DYNAMO_BASE_URL: frontend.baseUrl }
    const result = await doctor(shell, '--trace', trace)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toContain(says)
    await frontend.close()
    const mended = typeCures(shell, result)
    await startFromShell(mended, { generation, port: Number(new URL(frontend.baseUrl).port) })
    expect(faultsIn(await doctor(mended, '--request', '--trace', trace))).toEqual([])
  })

  test('no host name is proposed where the address of the frontend has one', async () => {
    const frontend = await startFromShell({})
    const shell = { DYNAMO_BASE_URL: frontend.baseUrl.replace('127.0.0.1', 'localhost') }
    expect(linesToType(await doctor(shell))).toEqual([
      'export DYN_REQUEST_TRACE=1',
      'export DYN_REQUEST_TRACE_RECORDS=request_end,tool',
      'export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=tcp://127.0.0.1:20390',
      `export ${agent}=tcp://127.0.0.1:20390`,
    ])
  })
})

test('the agent sends to a host that nobody knows: mended by the printed line', async () => {
  const port = await findFreePort()
  const endpoint = `tcp://127.0.0.1:${port}`
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const frontend = await startFromShell(newNames(endpoint, trace))
  const shell = { DYNAMO_BASE_URL: frontend.baseUrl, [agent]: `tcp://no-such-host.invalid:${port}` }
  const result = await doctor(shell)
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
  expect(linesToType(result)).toEqual([`export ${agent}=${endpoint}`])
  expect(faultsIn(await doctor(typeCures(shell, result)))).toEqual([])
})

test('another program has the port of both sides: both are told another one', async () => {
  const taken = createServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const endpoint = `tcp://127.0.0.1:${(taken.address() as AddressInfo).port}`
  const trace = join(temporaryFolder(), 'trace.jsonl')
  const { DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: _taken, ...others } = newNames(endpoint, trace)
  const frontend = await startFromShell(others)
  const shell = { ...newNames(endpoint, trace), [agent]: endpoint, DYNAMO_BASE_URL: frontend.baseUrl }
  const result = await doctor(shell, '--trace', trace)
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
  await frontend.close()
  const mended = typeCures(shell, result)
  await startFromShell(mended, { port: Number(new URL(frontend.baseUrl).port) })
  expect(faultsIn(await doctor(mended, '--request', '--trace', trace))).toEqual([])
})

describe('the names of 1.4 are set for Dynamo 1.3', () => {
  test.each([
    {
      name: 'the path',
      variables: (trace: string) => ({ DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_FILE_PATH: trace }),
      finds: 'FAIL variables',
    },
    {
      name: 'the list of records, which is no switch there',
      variables: () => ({ DYN_REQUEST_TRACE_RECORDS: 'request_end,tool' }),
      finds: 'FAIL variables',
    },
    {
      name: 'the sink',
      variables: () => ({ DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_SINKS: 'file' }),
      finds: 'FAIL tracing',
    },
  ])('$name: found, and 1.6.1 has nothing against it', async ({ variables, finds }) => {
    const trace = join(temporaryFolder(), 'trace.jsonl')
    const { baseUrl } = await startFromShell({})
    const of13 = await serve(
      passTo(baseUrl, (request, response) => {
        if (request.url !== '/openapi.json') return false
        response.end('{"info":{"title":"NVIDIA Dynamo OpenAI Frontend","version":"1.3.1"}}')
        return true
      }),
    )
    const shell = variables(trace)
    const result = await doctor({ ...shell, DYNAMO_BASE_URL: of13 })
    expect({ code: result.code, first: faultsIn(result)[0] }).toEqual({ code: 1, first: finds })
    const mended = typeCures({ ...shell, DYNAMO_BASE_URL: of13 }, result)
    expect(faultsIn(await doctor(mended))).toEqual(['warn tool events'])
    expect(faultsIn(await doctor({ ...shell, DYNAMO_BASE_URL: baseUrl }))).toEqual(['warn tool events'])
  })
})

test('ZeroMQ cannot be loaded: when it can, all is well', async () => {
  const folder = temporaryFolder()
  const preload = join(folder, 'no-zeromq.cjs')
  writeFileSync(
    preload,
    `const { registerHooks } = require('node:module')
     registerHooks({ resolve(name, context, next) {
       if (name === 'zeromq') throw new Error('no prebuilt binary')
       return next(name, context)
     } })`,
  )
  const endpoint = `tcp://127.0.0.1:${await findFreePort()}`
  const trace = join(folder, 'trace.jsonl')
  const frontend = await startFromShell(newNames(endpoint, trace))
  const shell = { ...newNames(endpoint, trace), DYNAMO_BASE_URL: frontend.baseUrl, [agent]: endpoint }
  const result = await doctor({ ...shell, NODE_OPTIONS: `--require ${preload}` }, '--trace', trace)
  expect({ code: result.code, faults: faultsIn(result) }, result.stdout).toEqual({ code: 1, faults: ['FAIL zeromq'] })
  expect(result.stdout).toMatch(/FAIL {2}zeromq {10}ZeroMQ cannot be loaded on /)
  expect(linesToType(result)).toEqual(['npm install zeromq@6'])
  expect(faultsIn(await doctor(shell, '--trace', trace))).toEqual([])
})
