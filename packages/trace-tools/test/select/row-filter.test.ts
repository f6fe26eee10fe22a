// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createRowFilter, type RowFilterOptions } from '../../src/select/row-filter.ts'
import { later, readIds, trace, v12, type Row } from './trace-of-rows.ts'

describe('createRowFilter', () => {
  const rows: Row[] = [
    { at: 1, of: later('root') },
    { at: 2, of: later('child', 'root') },
    { at: 3, of: v12('run', 'main') },
    { at: 4, of: v12('other run', 'main') },
    { at: 5 },
    { at: 6, of: later('child', 'root') },
  ]

  it.each<[string, RowFilterOptions, string]>([
    ['everything', {}, '1 2 3 4 5 6'],
    ['a trajectory', { trajectory: ({ id }) => id === 'child' }, '2 6'],
    ['a trajectory of one session', { trajectory: ({ id, sessionId }) => id === 'main' && sessionId === 'run' }, '3'],
    ['rows without identity', { trajectory: ({ contextFree }) => contextFree }, '5'],
    ['a stretch of time', { sinceMs: 2, untilMs: 5 }, '2 3 4'],
    ['both', { trajectory: ({ id }) => id === 'child', sinceMs: 3 }, '6'],
  ])('keeps %s', async (_name, options, expected) => {
    expect(await readIds(await trace(rows), createRowFilter(options))).toBe(expected)
  })

  it('asks once for each trajectory', async () => {
    const asked: string[] = []
    await readIds(await trace(rows), createRowFilter({ trajectory: ({ id }) => asked.push(id) > 0 }))
    expect(asked).toEqual(['root', 'child', 'main', 'main', 'request-only'])
  })
})
