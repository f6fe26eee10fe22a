// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gzipCases } from './case-counts.ts'
import { MOST_GROWTH_BYTES, NO_LIMIT_MS, runCases } from './run-cases.ts'

describe('a damaged compressed trace loses nothing but what was damaged, and gives a timeline that loads', () => {
  it.for(Object.entries(gzipCases))('%s', { timeout: NO_LIMIT_MS }, async ([damage, count]) => {
    const { cases, problems, grownBytes } = await runCases(`gzip: ${damage}`, count)
    expect(problems).toEqual([])
    expect(cases).toBe(count)
    expect(grownBytes).toBeLessThan(MOST_GROWTH_BYTES)
  })
})
