// SPDX-License-Identifier: Apache-2.0
import type { Census } from '@dynamo-agent/trace-tools'
import { expect, it } from 'vitest'
import { describeTimes } from '../src/census-text.ts'

const nowMs = Date.UTC(2026)

it.each([
  { name: 'nothing of times that a clock may show', firstMs: nowMs, lastMs: nowMs + 1000, says: [] },
  { name: 'that times may be seconds', firstMs: nowMs / 1000, lastMs: nowMs, says: [/before the year 2000: seconds/] },
  { name: 'that times may be nanoseconds', firstMs: nowMs, lastMs: nowMs * 1e6, says: [/after the year 2200.*nanosec/] },
])('says $name', ({ firstMs, lastMs, says }) => {
  const clock = { firstMs, lastMs, gaps: 0, longestGapMs: 0, longestGapFromMs: firstMs }
  const rows = { read: 0, used: 0, payload: 0, skipped: 0, filtered: 0 }
  const byType = { request_end: 0, tool_start: 0, tool_end: 0, tool_error: 0 }
  const census: Census = { rows, byType, skipped: {}, clock, inputs: [] }
  expect(describeTimes(census)).toEqual(says.map((text) => expect.stringMatching(text) as unknown))
})
