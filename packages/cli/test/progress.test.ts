// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createProgress } from '../src/progress.ts'

function show(isTTY: boolean, times: readonly number[]): string {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY })
  let nowMs = 0
  const progress = createProgress({ stream, now: () => nowMs })
  for (const time of times) {
    nowMs = time
    progress.show(() => `${time}`)
  }
  progress.end()
  return String(stream.read() ?? '')
}

test('a terminal sees a line after a second, rewritten at most ten times a second, and gone at the end', () => {
  expect(show(true, [10, 999, 1000, 1050, 1100])).toBe('\r\u001b[K1000\r\u001b[K1100\r\u001b[K')
})

test('work of less than a second shows nothing', () => {
  expect(show(true, [10, 500, 999])).toBe('')
})

test('without a terminal nothing is shown', () => {
  expect(show(false, [10, 2000, 9000])).toBe('')
})
