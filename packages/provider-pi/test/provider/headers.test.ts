// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { addHeaders } from '../../src/provider/headers.ts'

const identity = { 'x-dynamo-session-id': 'T', 'x-dynamo-parent-session-id': 'P', 'x-request-id': 'R' }

it('adds identity beside the headers of the call', () => {
  expect(addHeaders({ ofCall: { accept: 'text/plain' } }, identity)).toEqual({ accept: 'text/plain', ...identity })
})

it.each([
  ['a request id', { 'x-request-id': 'mine' }],
  ['a request id in other letter case', { 'X-Request-ID': 'mine' }],
  ['a deleted request id', { 'x-request-id': null }],
])('keeps %s that is set already', (_what, existing) => {
  const { 'x-request-id': _ours, ...others } = identity
  expect(addHeaders({ ofCall: existing }, identity)).toEqual({ ...others, ...existing })
})

it('adds no parent to a session id of another choice', () => {
  expect(addHeaders({ ofCall: { 'X-Dynamo-Session-Id': 'mine' } }, identity)).toEqual({
    'X-Dynamo-Session-Id': 'mine',
    'x-request-id': 'R',
  })
})

it("leaves the model's own headers in force, which Pi adds before those of the call", () => {
  const { 'x-request-id': _ours, ...others } = identity
  expect(addHeaders({ ofModel: { 'X-Request-Id': 'mine' } }, identity)).toEqual(others)
})
