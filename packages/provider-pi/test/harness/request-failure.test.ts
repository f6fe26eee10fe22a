// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { classifyFailure } from '../../src/harness/request-failure.ts'

it.each([
  ['404 status code (no body)', { status: 404 }],
  ['503: {"message":"Service Unavailable"}', { status: 503 }],
  ['HTTP 500: secret', { status: 500 }],
  ['Connection error.: connect ECONNREFUSED 127.0.0.1:9', { errorType: 'ECONNREFUSED' }],
  ['Connection error.', { errorType: 'connection_error' }],
  ['fetch failed: UND_ERR_SOCKET other side closed', { errorType: 'UND_ERR_SOCKET' }],
  ['the model said 404 things', {}],
  ['', {}],
])('%s', (text, failure) => {
  expect(classifyFailure(text)).toEqual(failure)
})
