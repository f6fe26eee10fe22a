// SPDX-License-Identifier: Apache-2.0

/** Learns how long the answers of one trajectory are, for the hint `outputLength`. */
export interface OutputLengthLearner {
  /** @param outputTokens Of an answer that came to its end. */
  learn(outputTokens: number): void
  /** Tokens to expect of the next answer; undefined until enough is known. */
  readonly expected: number | undefined
}

/** An agent's work changes, so that old answers say little. */
const REMEMBERED_ANSWERS = 16
/** Fewer say nothing. */
const NEEDED_ANSWERS = 3

/**
 * Makes a learner. It expects the mean of the latest answers: Dynamo's router
 * adds up what it expects of requests to weigh its workers, and sums of means
 * come out right however skewed single answers are.
 */
export function createOutputLengthLearner(): OutputLengthLearner {
  const answers: number[] = []
  return {
    learn(outputTokens) {
      if (!Number.isFinite(outputTokens) || outputTokens <= 0) return
      answers.push(outputTokens)
      if (answers.length > REMEMBERED_ANSWERS) answers.shift()
    },
    get expected() {
      if (answers.length < NEEDED_ANSWERS) return undefined
      return Math.max(1, Math.round(answers.reduce((sum, tokens) => sum + tokens, 0) / answers.length))
    },
  }
}
