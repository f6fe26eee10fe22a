// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  connectableEndpoint,
  DEFAULT_API_KEY,
  DEFAULT_BASE_URL,
  DEFAULT_TOOL_EVENT_QUEUE_CAPACITY,
  DEFAULT_TOOL_EVENT_TOPIC,
  environmentVariables,
  normalizeBaseUrl,
  readEnvironment,
  type EnvironmentSettings,
} from '../src/index.ts'

const defaults: EnvironmentSettings = {
  baseUrl: DEFAULT_BASE_URL,
  apiKey: DEFAULT_API_KEY,
  dialect: 'auto',
  toolEvents: { topic: DEFAULT_TOOL_EVENT_TOPIC, queueCapacity: DEFAULT_TOOL_EVENT_QUEUE_CAPACITY },
  hints: {},
  learnsOutputLength: false,
  learnsSpeculativePrefill: false,
  priorityPolicy: {},
  disabled: false,
  problems: [],
}

describe('readEnvironment', () => {
  test('an empty environment gives the defaults', () => {
    expect(readEnvironment({})).toStrictEqual(defaults)
  })

  test('an empty variable is unset', () => {
    const empty = Object.fromEntries(
      environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases].map((key) => [key, ''])),
    )
    expect(readEnvironment(empty)).toStrictEqual(defaults)
  })

  test('every variable has its place', () => {
    const environment = {
      DYNAMO_BASE_URL: 'https://dynamo.example/v1',
      DYNAMO_API_KEY: 'key',
      DYN_AGENT_DIALECT: 'agent-context-body',
      DYN_AGENT_SESSION_TYPE_ID: 'coding',
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://10.0.0.1:20390',
      DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC: 'topic',
      DYN_AGENT_TOOL_EVENTS_QUEUE_CAPACITY: '5',
      DYN_AGENT_PRIORITY: '-2',
      DYN_AGENT_PRIORITY_POLICY: 'subagents, interactive=10',
      DYN_AGENT_STRICT_PRIORITY: '0',
      DYN_AGENT_OSL: '512',
      DYN_AGENT_SPECULATIVE_PREFILL: 'true',
      DYN_AGENT_SESSION_FINAL: '0',
      DYN_AGENT_HARNESS_LOG: 'logs/harness.jsonl',
      DYN_AGENT_DISABLE: '1',
    }
    expect(readEnvironment(environment)).toStrictEqual({
      baseUrl: 'https://dynamo.example/v1',
      apiKey: 'key',
      dialect: 'agent-context-body',
      sessionTypeId: 'coding',
      toolEvents: { endpoint: 'tcp://10.0.0.1:20390', topic: 'topic', queueCapacity: 5 },
      hints: { priority: -2, strictPriority: 0, outputLength: 512, speculativePrefill: true },
      learnsOutputLength: false,
      learnsSpeculativePrefill: false,
      priorityPolicy: { subagents: 1, interactive: 10 },
      sessionFinal: false,
      harnessLog: 'logs/harness.jsonl',
      disabled: true,
      problems: [],
    })
  })

  test('an expected output length can be left to the answers', () => {
    const { hints, learnsOutputLength, problems } = readEnvironment({ DYN_AGENT_OSL: 'auto' })
    expect({ hints, learnsOutputLength, problems }).toEqual({ hints: {}, learnsOutputLength: true, problems: [] })
  })

  test('whether to warm the next turn can be left to the tools', () => {
    const settings = readEnvironment({ DYN_AGENT_SPECULATIVE_PREFILL: 'auto' })
    expect(settings).toStrictEqual({ ...defaults, learnsSpeculativePrefill: true })
  })

  test.each([
    [
      'DYNAMO_BASE_URL',
      'OPENAI_BASE_URL',
      'http://a/v1',
      'http://b/v1',
      (settings: EnvironmentSettings) => settings.baseUrl,
    ],
    [
      'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT',
      'DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT',
      'tcp://a:1',
      'tcp://b:1',
      (settings: EnvironmentSettings) => settings.toolEvents.endpoint,
    ],
    [
      'DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT',
      'DYN_AGENT_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT',
      'tcp://a:1',
      'tcp://b:1',
      (settings: EnvironmentSettings) => settings.toolEvents.endpoint,
    ],
    [
      'DYN_AGENT_TOOL_EVENTS_ZMQ_TOPIC',
      'DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_TOPIC',
      'a',
      'b',
      (settings: EnvironmentSettings) => settings.toolEvents.topic,
    ],
    [
      'DYN_AGENT_TOOL_EVENTS_QUEUE_CAPACITY',
      'DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_QUEUE_CAPACITY',
      '1',
      '2',
      (settings: EnvironmentSettings) => String(settings.toolEvents.queueCapacity),
    ],
  ])('%s goes before %s, which counts where the first is unset or empty', (...[name, alias, first, second, read]) => {
    expect(read(readEnvironment({ [alias]: second }))).toBe(second)
    expect(read(readEnvironment({ [name]: '', [alias]: second }))).toBe(second)
    expect(read(readEnvironment({ [name]: first, [alias]: second }))).toBe(first)
  })

  test.each([
    ['DYNAMO_BASE_URL', 'ftp://host', 'is not an http address'],
    ['OPENAI_BASE_URL', 'http://', 'is not an http address'],
    ['DYN_AGENT_DIALECT', '1.2', 'is none of auto, session-headers, agent-context-body'],
    ['DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', 'localhost:20390', 'is not a ZeroMQ endpoint such as tcp://127.0.0.1:20390'],
    [
      'DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT',
      'tcp://host:0',
      'is not a ZeroMQ endpoint such as tcp://127.0.0.1:20390',
    ],
    ['DYN_AGENT_TOOL_EVENTS_QUEUE_CAPACITY', '0', 'is not a whole number above 0'],
    ['DYN_AGENT_PRIORITY', '1.5', 'is not a whole number'],
    ['DYN_AGENT_STRICT_PRIORITY', '-1', 'is not a whole number of 0 or more'],
    ['DYN_AGENT_OSL', '1e3', 'is neither a whole number above 0 nor auto'],
    ['DYN_AGENT_SPECULATIVE_PREFILL', 'maybe', 'is neither auto nor on (1, true, yes) nor off (0, false, no)'],
    [
      'DYN_AGENT_PRIORITY_POLICY',
      'subagents=0',
      'is no list of subagents and interactive, with steps such as subagents=2',
    ],
    ['DYN_AGENT_DISABLE', '2', 'is neither on (1, true, yes) nor off (0, false, no)'],
  ])('%s=%s is reported by the name that was set, and the default holds', (variable, value, problem) => {
    expect(readEnvironment({ [variable]: value })).toStrictEqual({
      ...defaults,
      problems: [{ variable, value, problem }],
    })
  })

  test('reports every problem', () => {
    const { problems } = readEnvironment({
      DYN_AGENT_PRIORITY: 'high',
      DYN_AGENT_OSL: 'long',
      DYN_AGENT_DISABLE: 'perhaps',
    })
    expect(problems.map(({ variable }) => variable)).toEqual([
      'DYN_AGENT_PRIORITY',
      'DYN_AGENT_OSL',
      'DYN_AGENT_DISABLE',
    ])
  })

  test.each([
    ['1', true],
    ['true', true],
    ['TRUE', true],
    ['yes', true],
    ['on', true],
    ['0', false],
    ['false', false],
    ['No', false],
    ['off', false],
  ])('a switch understands %s', (value, expected) => {
    expect(readEnvironment({ DYN_AGENT_DISABLE: value })).toStrictEqual({ ...defaults, disabled: expected })
  })
})

test('the table names each variable once', () => {
  const names = environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
})

describe('normalizeBaseUrl', () => {
  test.each([
    ['localhost', 'http://localhost/v1'],
    ['localhost:8000', 'http://localhost:8000/v1'],
    ['127.0.0.1:8000/', 'http://127.0.0.1:8000/v1'],
    ['[::1]:8000', 'http://[::1]:8000/v1'],
    ['http://host', 'http://host/v1'],
    ['http://host/', 'http://host/v1'],
    ['http://host/v1', 'http://host/v1'],
    ['http://host/v1///', 'http://host/v1'],
    ['https://host/gateway/v1', 'https://host/gateway/v1'],
    ['https://host/openai', 'https://host/openai'],
    ['HTTP://Host:80/v1', 'http://host/v1'],
    [' http://host/v1\n', 'http://host/v1'],
    ['http://host/v1?key=1#top', 'http://host/v1'],
    ['http://user:secret@host/v1', 'http://host/v1'],
  ])('%j is %s', (given, expected) => {
    expect(normalizeBaseUrl(given)).toBe(expected)
    expect(normalizeBaseUrl(expected)).toBe(expected)
  })

  test.each(['', '  ', 'http://', 'ftp://host', 'file:///v1', 'http://host:99999', 'two words', 'javascript:alert(1)'])(
    '%j is no http address',
    (given) => {
      expect(normalizeBaseUrl(given)).toBeUndefined()
    },
  )
})

describe('connectableEndpoint', () => {
  test.each([
    ['tcp://127.0.0.1:20390', 'tcp://127.0.0.1:20390'],
    ['tcp://dynamo.internal:1', 'tcp://dynamo.internal:1'],
    ['tcp://[fe80::1]:20390', 'tcp://[fe80::1]:20390'],
    ['ipc:///tmp/dynamo.sock', 'ipc:///tmp/dynamo.sock'],
    [' tcp://host:20390\n', 'tcp://host:20390'],
    ['tcp://*:20390', 'tcp://127.0.0.1:20390'],
    ['tcp://0.0.0.0:20390', 'tcp://127.0.0.1:20390'],
    ['tcp://[::]:20390', 'tcp://[::1]:20390'],
  ])('%j connects to %s', (given, expected) => {
    expect(connectableEndpoint(given)).toBe(expected)
    expect(connectableEndpoint(expected)).toBe(expected)
  })

  test.each([
    '',
    '20390',
    'host:20390',
    'tcp://host',
    'tcp://host:',
    'tcp://host:0',
    'tcp://host:65536',
    'tcp://host:*',
    'tcp://:20390',
    'tcp://a b:1',
    'udp://host:1',
    'http://host:1',
    'ipc://',
    'tcp://host:1/path',
  ])('%j is refused', (given) => {
    expect(connectableEndpoint(given)).toBeUndefined()
  })
})
