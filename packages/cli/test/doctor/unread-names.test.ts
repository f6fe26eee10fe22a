// SPDX-License-Identifier: Apache-2.0
import { environmentVariables } from '@dynamo-agent/core'
import { expect, test } from 'vitest'
import { traceVariables } from '../../src/doctor/dynamo-variables.ts'
import { findMeant, findNear, findUnreadNames, renameVariables } from '../../src/doctor/environment/unread-names.ts'

test('every name that somebody reads is known', () => {
  const own = environmentVariables.flatMap(({ name, aliases }) => [name, ...aliases])
  const names = [...own, ...traceVariables.map(({ name }) => name)]
  expect(findUnreadNames(Object.fromEntries(names.map((name) => [name, '1'])))).toEqual([])
})

test.each(['DYNAMO_HOME', 'DYN_HTTP_PORT', 'DYN_REQUEST_TRACE_SAMPLE_RATIO', 'DYN_AGENT_TRACE_SHARDS', 'PATH'])(
  '%s is none of ours',
  (name) => {
    expect(findUnreadNames({ [name]: '1' })).toEqual([])
  },
)

test.each([
  ['DYN_BASE_URL', 'DYNAMO_BASE_URL'],
  ['DYNAMO_BASEURL', 'DYNAMO_BASE_URL'],
  ['DYN_API_KEY', 'DYNAMO_API_KEY'],
  ['DYNAMO_REQUEST_TRACE', 'DYN_REQUEST_TRACE'],
  ['DYNAMO_AGENT_DIALECT', 'DYN_AGENT_DIALECT'],
  ['DYN_AGENT_TOOL_EVENT_ZMQ_ENDPOINT', 'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT'],
  ['DYN_AGENT_FOO', undefined],
  ['DYN_AGENT_API_KEY', undefined],
  ['DYN_AGENT_WORKFLOW_ID', undefined],
])('nobody reads %s; meant is %s', (name, near) => {
  expect(findUnreadNames({ [name]: '1' })).toEqual([{ name, near }])
})

test('what all names begin with makes none of them near', () => {
  const names = traceVariables.map(({ name }) => name)
  expect(findNear('DYN_REQUEST_TRACE_SINK', 'DYN_REQUEST_TRACE', names)).toBe('DYN_REQUEST_TRACE_SINKS')
  expect(findNear('DYN_REQUEST_TRACE_SAMPLE_RATIO', 'DYN_REQUEST_TRACE', names)).toBeUndefined()
})

test.each([
  ['DYN_REQUEST_TRACE_SINK', 'DYN_REQUEST_TRACE_SINKS'],
  ['DYN_REQUEST_TRACE_OUTPUT', 'DYN_REQUEST_TRACE_OUTPUT_PATH'],
  ['DYN_REQUEST_TRACE_PATH', 'DYN_REQUEST_TRACE_OUTPUT_PATH'],
  ['DYN_REQUEST_TRACE_JSONL_PATH', 'DYN_REQUEST_TRACE_OUTPUT_PATH'],
  ['DYN_REQUEST_TRACE_FILE_PATH', undefined],
  ['DYN_REQUEST_TRACE_REPLAY_HASHES', undefined],
])('among the variables of traces, %s stands for %s', (name, meant) => {
  expect(findMeant(name, 'DYN_REQUEST_TRACE')).toBe(meant)
})

test('a value goes to the name that was meant, unless that has one', () => {
  const unread = [{ name: 'DYN_AGENT_OLS', near: 'DYN_AGENT_OSL' }, { name: 'DYN_AGENT_FOO' }]
  expect(renameVariables(unread, { DYN_AGENT_OLS: '7', DYN_AGENT_FOO: '1' })).toEqual({
    DYN_AGENT_OSL: '7',
    DYN_AGENT_OLS: null,
    DYN_AGENT_FOO: null,
  })
  const both = { DYN_AGENT_OLS: '7', DYN_AGENT_OSL: '8' }
  expect(renameVariables(unread.slice(0, 1), both)).toEqual({ DYN_AGENT_OLS: null })
})

test('a password in an address does not go along', () => {
  const unread = [{ name: 'DYN_BASE_URL', near: 'DYNAMO_BASE_URL' }]
  expect(renameVariables(unread, { DYN_BASE_URL: 'http://user:pass-word@gpu-box/v1' })).toEqual({
    DYNAMO_BASE_URL: 'http://gpu-box/v1',
    DYN_BASE_URL: null,
  })
})
