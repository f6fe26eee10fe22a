// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { readFrontendTracing, switchVariables } from '../../src/doctor/frontend-variables.ts'

describe('whether a frontend of a shell traces', () => {
  test.each([
    [{}, 'DYN_REQUEST_TRACE', 'unset'],
    [{ DYN_REQUEST_TRACE: '1' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE: 'true' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE: 'on' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE: 'Yes' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE: 'off' }, 'DYN_REQUEST_TRACE', 'off'],
    [{ DYN_REQUEST_TRACE: '0' }, 'DYN_REQUEST_TRACE', 'off'],
    [{ DYN_REQUEST_TRACE: '0', DYN_REQUEST_TRACE_RECORDS: 'tool' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE_SINKS: 'jsonl' }, 'DYN_REQUEST_TRACE', 'off'],
    [{ DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://*:1' }, 'DYN_REQUEST_TRACE', 'unset'],
    [{ DYN_AGENT_TRACE_SINKS: 'jsonl' }, 'DYN_REQUEST_TRACE', 'unset'],
    [{ DYN_AGENT_TRACE_SINKS: 'jsonl' }, 'DYN_AGENT_TRACE', 'on'],
    [{ DYN_AGENT_TRACE: '1' }, 'DYN_AGENT_TRACE', 'off'],
  ] as const)('%j, read as %s: %s', (environment, prefix, state) => {
    expect(readFrontendTracing(environment, prefix).state).toBe(state)
  })

  test('by 1.3, which has no list of records, by its switch alone', () => {
    const environment = { DYN_REQUEST_TRACE: '0', DYN_REQUEST_TRACE_RECORDS: 'request_end' }
    expect(readFrontendTracing(environment, 'DYN_REQUEST_TRACE', '1.3.1')).not.toHaveProperty('records')
    expect(readFrontendTracing(environment, 'DYN_REQUEST_TRACE', '1.3.1').state).toBe('off')
    expect(readFrontendTracing(environment, 'DYN_REQUEST_TRACE', '1.4.2').state).toBe('on')
  })
})

describe('whether it writes a file', () => {
  test.each([
    ['1.2.1', undefined, true],
    ['1.2.1', 'file', false],
    ['1.3.1', 'file', false],
    ['1.3.1', 'jsonl_gz', true],
    ['1.4.2', 'file', true],
    ['1.6.1', 'json', false],
    ['1.6.1', 'stderr', false],
    ['1.6.1', 'json,jsonl', true],
  ] as const)('as release %s with sinks %s: %s', (release, sinks, expected) => {
    const prefix = release === '1.2.1' ? 'DYN_AGENT_TRACE' : 'DYN_REQUEST_TRACE'
    expect(readFrontendTracing({ [`${prefix}_SINKS`]: sinks }, prefix, release).writesFile).toBe(expected)
  })
})

describe('what it lacks to write /t', () => {
  test.each([
    [{}, { DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_SINKS: 'jsonl', DYN_REQUEST_TRACE_OUTPUT_PATH: '/t' }],
    [{ DYN_REQUEST_TRACE: '1' }, {}],
    [{ DYN_REQUEST_TRACE_OUTPUT_PATH: '/own' }, { DYN_REQUEST_TRACE: '1' }],
    [{ DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_SINKS: 'stderr' }, { DYN_REQUEST_TRACE_SINKS: 'stderr,jsonl' }],
    [{ DYN_REQUEST_TRACE: '1', DYN_REQUEST_TRACE_SINKS: 'json' }, { DYN_REQUEST_TRACE_SINKS: 'jsonl' }],
  ])('%j lacks %j', (environment, variables) => {
    expect(switchVariables(readFrontendTracing(environment, 'DYN_REQUEST_TRACE'), '/t')).toEqual(variables)
  })
})
