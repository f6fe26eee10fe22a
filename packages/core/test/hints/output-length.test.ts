// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { createOutputLengthLearner } from '../../src/index.ts'

function expectedAfter(...answers: readonly number[]): number | undefined {
  const learner = createOutputLengthLearner()
  for (const tokens of answers) learner.learn(tokens)
  return learner.expected
}

test.each<[string, readonly number[], number | undefined]>([
  ['nothing before the third answer', [100, 200], undefined],
  ['their mean from the third on', [100, 200, 330], 210],
  ['the mean of the latest sixteen alone', [...Array<number>(10).fill(9000), ...Array<number>(16).fill(50)], 50],
  ['nothing from answers without a token', [0, 0, 0, Number.NaN], undefined],
  ['one token at least', [0.2, 0.2, 0.2], 1],
])('a learner expects %s', (_what, answers, expected) => {
  expect(expectedAfter(...answers)).toBe(expected)
})
