// SPDX-License-Identifier: Apache-2.0
import { readEnvironment } from '@dynamo-agent/core'
import { expect, test } from 'vitest'
import { findUnusableValues, repair } from '../../src/doctor/environment/unusable-values.ts'

const find = (environment: Record<string, string>) => findUnusableValues(environment, readEnvironment(environment))

test.each([
  ['http://127.0.0.1:8000/v1'],
  ['127.0.0.1:8000'],
  ['localhost'],
  ['http'],
  ['http://[::1]:8000'],
])('the address %s can be used', (DYNAMO_BASE_URL) => {
  expect(find({ DYNAMO_BASE_URL })).toEqual([])
})

test.each([
  ['tcp://127.0.0.1:8000', 'http://127.0.0.1:8000/v1'],
  ['http:/127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
  ['https:/gpu-box', 'https://gpu-box/v1'],
  ["'http://127.0.0.1:8000/v1'", 'http://127.0.0.1:8000/v1'],
  ['"gpu-box:8000"', 'http://gpu-box:8000/v1'],
  ['http://127.0.0.1:8000 /v1', 'http://127.0.0.1:8000/v1'],
  ['http://::1:8000/v1', 'http://[::1]:8000/v1'],
  ['http://127.0.0.1:99999', undefined],
  ['ftp://127.0.0.1/v1', undefined],
  ['two words', undefined],
  ['http:8000', undefined],
  ['http://', undefined],
])('the address %j is no address, and means %s', (value, meant) => {
  expect(find({ DYNAMO_BASE_URL: value })).toMatchObject([{ variable: 'DYNAMO_BASE_URL', value }])
  expect(repair('DYNAMO_BASE_URL', value)).toBe(meant)
})

test.each([
  ['tcp://127.0.0.1', 'tcp://127.0.0.1:20390'],
  ['tcp://[::1]', 'tcp://[::1]:20390'],
  ['127.0.0.1:5557', 'tcp://127.0.0.1:5557'],
  ['localhost:5557', 'tcp://localhost:5557'],
  ['http://127.0.0.1:5557/', 'tcp://127.0.0.1:5557'],
  ['"tcp://127.0.0.1:5557"', 'tcp://127.0.0.1:5557'],
  ['5557', 'tcp://127.0.0.1:5557'],
  [':5557', 'tcp://127.0.0.1:5557'],
  ['tcp://127.0.0.1:99999', null],
  ['ipc://', null],
  ['on', null],
])('the endpoint %j means %s', (value, meant) => {
  expect(find({ DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: value })).toHaveLength(1)
  expect(repair('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', value)).toBe(meant)
})

test.each(['two\nlines', 'arrow →', 'nul \u0000', '\ndynamo'])('the token %j cannot be sent, nor told', (token) => {
  expect(find({ DYNAMO_API_KEY: token })).toEqual([
    { variable: 'DYNAMO_API_KEY', value: '', problem: 'holds a character that cannot travel in a header' },
  ])
  expect(repair('DYNAMO_API_KEY', '')).toBeUndefined()
})

test.each(['sk-1234', 'é', 'two words', 'a line of a file\n'])('the token %j can be sent', (token) => {
  expect(find({ DYNAMO_API_KEY: token })).toEqual([])
  expect(() => new Headers({ authorization: `Bearer ${token}` })).not.toThrow()
})

test('passwords in an address are not told', () => {
  const [problem] = find({ DYNAMO_BASE_URL: 'ftp://user:pass-word@127.0.0.1/v1' })
  expect(problem?.value).toBe('ftp://…@127.0.0.1/v1')
})
