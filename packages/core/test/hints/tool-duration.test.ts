// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { createToolDurationLearner } from '../../src/index.ts'

type Calls = readonly (readonly [toolClass: string, durationMs: number])[]

function expectedAfter(calls: Calls): number | undefined {
  const learner = createToolDurationLearner()
  for (const [toolClass, durationMs] of calls) learner.learn(toolClass, durationMs)
  return learner.expectedMs
}

const times = (count: number, toolClass: string, durationMs: number): Calls =>
  Array.from({ length: count }, () => [toolClass, durationMs])

test.each<[string, Calls, number | undefined]>([
  ['nothing before the third call', times(2, 'read', 5), undefined],
  ['what its tool takes', times(3, 'read', 5), 5],
  ['nothing long of one slow run', [...times(5, 'read', 5), ['read', 90_000], ...times(2, 'read', 5)], 5],
  ['nothing short of fast runs of a slow tool', [...times(7, 'bash', 60_000), ...times(4, 'bash', 10)], 60_000],
  ['what most of the latest calls take', [...times(3, 'bash', 60_000), ...times(5, 'read', 5)], 5],
  ['the longer, where two are as frequent', [...times(4, 'read', 5), ...times(4, 'bash', 60_000)], 60_000],
  ['what the tool takes that the agent is at now', [...times(50, 'read', 5), ...times(8, 'bash', 60_000)], 60_000],
  ['nothing of durations that are none', [['a', Number.NaN], ['a', -1], ['a', Infinity], ['a', 4], ['a', 4]], undefined],
])('a learner expects %s', (_what, calls, expected) => {
  expect(expectedAfter(calls)).toBe(expected)
})

test('a learner forgets tools that others have followed', () => {
  const others = Array.from({ length: 64 }, (_, index) => [`tool-${index}`, 5] as const)
  expect(expectedAfter([...times(16, 'bash', 60_000), ...others, ...times(8, 'bash', 10)])).toBe(10)
})
