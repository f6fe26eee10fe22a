// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { headersToAdd } from '../../src/index.ts'

const identity = { 'x-dynamo-session-id': 'T', 'x-dynamo-parent-session-id': 'P', 'x-request-id': 'R' }

test.each([
  ['all where nothing is set', [], ['x-dynamo-session-id', 'x-dynamo-parent-session-id', 'x-request-id']],
  ['none that is set, in any letter case', ['X-Request-ID'], ['x-dynamo-session-id', 'x-dynamo-parent-session-id']],
  ['no parent of ours to a session of others', ['X-Dynamo-Session-Id'], ['x-request-id']],
])('%s', (_what, taken, added) => {
  expect(Object.keys(headersToAdd(identity, taken))).toEqual(added)
})
