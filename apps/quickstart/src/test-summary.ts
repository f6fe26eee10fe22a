// SPDX-License-Identifier: Apache-2.0

/** How many tests of a run passed and failed. */
export interface TestSummary {
  readonly passed: number
  readonly failed: number
}

/** The totals at the end of what `node --test` prints, in either of its two forms; undefined for any other text. */
export function readTestSummary(output: string): TestSummary | undefined {
  const [passed, failed] = ['pass', 'fail'].map((word) => new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'm').exec(output)?.[1])
  return passed === undefined || failed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) }
}
