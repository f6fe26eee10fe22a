// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { cachedPercent, readLastAnswer } from '../../src/status/last-answer.ts'

it('reads the tokens of an answer of Dynamo', () => {
  const answer = { role: 'assistant', provider: 'dynamo', usage: { input: 25, cacheRead: 75, output: 5 }, stopReason: 'stop' }
  expect(readLastAnswer(answer)).toEqual({ inputTokens: 100, cachedTokens: 75, outputTokens: 5 })
})

it('reads why there was none', () => {
  const answer = { role: 'assistant', provider: 'dynamo', stopReason: 'error', errorMessage: '503 busy' }
  expect(readLastAnswer(answer)).toMatchObject({ error: '503 busy' })
})

it('knows one that the user stopped', () => {
  const answer = { role: 'assistant', provider: 'dynamo', stopReason: 'aborted', errorMessage: 'Request was aborted.' }
  expect(readLastAnswer(answer)).toEqual({ inputTokens: 0, cachedTokens: 0, outputTokens: 0, isAborted: true })
})

it.each([{ role: 'user' }, { role: 'assistant', provider: 'another' }, { role: 'toolResult' }])('passes %j over', (message) => {
  expect(readLastAnswer(message)).toBeUndefined()
})

it('takes a share of nothing for nothing', () => {
  expect(cachedPercent({ inputTokens: 0, cachedTokens: 0, outputTokens: 0 })).toBe(0)
})
