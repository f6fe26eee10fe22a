// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gzipCases, textCases } from './case-counts.ts'
import { MOST_GROWTH_BYTES, NO_LIMIT_MS, runCases } from './run-cases.ts'

describe('a damaged trace loses nothing but what was damaged, and gives a timeline that loads', () => {
  it('in twenty thousand cases, with the compressed ones', () => {
    const counts = [textCases, gzipCases].flatMap((cases) => Object.values(cases))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20_000)
  })

  it.for(Object.entries(textCases))('%s', { timeout: NO_LIMIT_MS }, async ([damage, count]) => {
    const { cases, problems, grownBytes } = await runCases(`text: ${damage}`, count)
    expect(problems).toEqual([])
    expect(cases).toBe(count)
    expect(grownBytes).toBeLessThan(MOST_GROWTH_BYTES)
  })
})
