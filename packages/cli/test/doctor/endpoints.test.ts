// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { bindFor, canBind, isPortOf, reaches, usualEndpoint } from '../../src/doctor/endpoints.ts'

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

test.each([
  ['tcp://127.0.0.1:20390', 'tcp://127.0.0.1:20390'],
  ['tcp://localhost:20390', 'tcp://127.0.0.1:20390'],
  ['tcp://[::1]:20390', 'tcp://[::1]:20390'],
  ['tcp://10.0.0.7:20390', 'tcp://0.0.0.0:20390'],
  ['tcp://gpu-box:20390', 'tcp://0.0.0.0:20390'],
  ['tcp://[2001:db8::7]:20390', 'tcp://[::]:20390'],
  ['ipc:///tmp/tools', 'ipc:///tmp/tools'],
])('what is sent to %s comes to a frontend that binds %s', (target, bind) => {
  expect(bindFor(target)).toBe(bind)
  expect(canBind(bind, 'DYN_REQUEST_TRACE')).toBe(true)
})

test.each([
  ['tcp://localhost:20390', 'DYN_REQUEST_TRACE'],
  ['tcp://gpu-box:20390', 'DYN_REQUEST_TRACE'],
  ['tcp://localhost:20390', 'DYN_AGENT_TRACE'],
  ['tcp://[::1]:20390', 'DYN_AGENT_TRACE'],
] as const)('%s is nothing that a frontend of %s can bind', (endpoint, prefix) => {
  expect(canBind(endpoint, prefix)).toBe(false)
})

test.each([
  ['http://localhost:8000/v1', 'tcp://127.0.0.1:20390'],
  ['http://[::1]:8000/v1', 'tcp://127.0.0.1:20390'],
  ['http://0.0.0.0:8000/v1', 'tcp://127.0.0.1:20390'],
  ['https://gpu-box/v1', 'tcp://gpu-box:20390'],
])('the usual endpoint of %s is %s', (baseUrl, endpoint) => {
  expect(usualEndpoint(baseUrl)).toBe(endpoint)
})

test.each([
  ['http://127.0.0.1:8000/v1', 'tcp://localhost:8000', true],
  ['http://gpu-box/v1', 'tcp://gpu-box:80', true],
  ['http://127.0.0.1:8000/v1', 'tcp://127.0.0.1:20390', false],
  ['http://127.0.0.1:8000/v1', 'ipc:///tmp/tools', false],
])('whether the port for HTTP of %s is %s: %s', (baseUrl, endpoint, expected) => {
  expect(isPortOf(baseUrl, endpoint)).toBe(expected)
})
