// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { reaches, readFrontendTracing } from '../../src/doctor/frontend-variables.ts'

describe('whether a frontend of a shell traces', () => {
  test.each([
    [{}, 'DYN_REQUEST_TRACE', 'unset'],
    [{ DYN_REQUEST_TRACE: '1' }, 'DYN_REQUEST_TRACE', 'on'],
    [{ DYN_REQUEST_TRACE: 'true' }, 'DYN_REQUEST_TRACE', 'on'],
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
})

describe('whether an endpoint reaches another', () => {
  test.each([
    ['tcp://127.0.0.1:20390', 'tcp://127.0.0.1:20390', true],
    ['tcp://127.0.0.1:20390', 'tcp://*:20390', true],
    ['tcp://10.0.0.7:20390', 'tcp://0.0.0.0:20390', true],
    ['tcp://localhost:20390', 'tcp://127.0.0.1:20390', true],
    ['tcp://10.0.0.7:20390', 'tcp://127.0.0.1:20390', false],
    ['tcp://127.0.0.1:20390', 'tcp://127.0.0.1:20391', false],
    ['ipc:///tmp/tools', 'ipc:///tmp/tools', true],
    ['ipc:///tmp/tools', 'tcp://*:20390', false],
  ])('%s → %s: %s', (target, bound, expected) => {
    expect(reaches(target, bound)).toBe(expected)
  })
})
