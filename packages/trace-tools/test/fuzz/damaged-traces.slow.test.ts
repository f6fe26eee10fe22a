// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { gzipDamages } from './damage/gzip.ts'
import type { textDamages } from './damage/text.ts'
import { runCases } from './run-cases.ts'

/** How many cases there are of each kind of damage; the longest come first, because several kinds run at once. */
const cases: Readonly<Record<`text: ${keyof typeof textDamages}` | `gzip: ${keyof typeof gzipDamages}`, number>> = {
  'text: other values': 3500,
  'text: flipped bytes': 3500,
  'gzip: a damaged member': 500,
  'text: garbage lines': 2000,
  'text: a missing piece': 2000,
  'text: a piece of another file': 2000,
  'text: a cut end': 1500,
  'text: a cut beginning': 1000,
  'text: other line ends': 1000,
  'text: lines in any order and twice': 1000,
  'gzip: garbage after members': 200,
  'gzip: a missing piece': 500,
  'gzip: a piece of another file': 500,
  'gzip: members of any form': 300,
  'gzip: a torn end': 500,
  'gzip: members in any order and twice': 200,
  'gzip: damage inside': 400,
}

const MOST_GROWTH_BYTES = 8 * 2 ** 20

describe('a damaged trace loses nothing but what was damaged, and gives a timeline that loads', () => {
  it('in twenty thousand cases', () => {
    expect(Object.values(cases).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20_000)
  })

  it.concurrent.for(Object.entries(cases))('%s', { timeout: 600_000 }, async ([damage, count], { expect }) => {
    const outcome = await runCases(damage, count)
    expect(outcome.problems).toEqual([])
    expect(outcome.cases).toBe(count)
    expect(outcome.grownBytes).toBeLessThan(MOST_GROWTH_BYTES)
  })
})
