// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { surveyTrace } from '../../src/select/survey.ts'
import { later, trace, v12 } from './trace-of-rows.ts'

describe('surveyTrace', () => {
  it('tells trajectories and sessions with their rows and times', async () => {
    const { trajectories, sessions } = await surveyTrace(
      await trace([
        { at: 5, of: later('child', 'root') },
        { at: 1, of: later('root') },
        { at: 9, of: later('child', 'root') },
        { at: 3, of: v12('run', 'main') },
        { at: 4 },
      ]),
    )
    expect(trajectories).toEqual([
      { id: 'child', sessionId: undefined, contextFree: false, parentId: 'root', rows: 2, firstMs: 5, lastMs: 9 },
      { id: 'root', sessionId: undefined, contextFree: false, parentId: undefined, rows: 1, firstMs: 1, lastMs: 1 },
      { id: 'main', sessionId: 'run', contextFree: false, parentId: undefined, rows: 1, firstMs: 3, lastMs: 3 },
      { id: 'request-only', sessionId: undefined, contextFree: true, parentId: undefined, rows: 1, firstMs: 4, lastMs: 4 },
    ])
    expect(sessions).toEqual([
      { id: 'root', trajectories: 2, rows: 3, firstMs: 1, lastMs: 9 },
      { id: 'run', trajectories: 1, rows: 1, firstMs: 3, lastMs: 3 },
    ])
  })

  it.each([
    { what: 'a root', rows: [later('a')], id: 'a', session: 'a' },
    { what: 'a grandchild', rows: [later('c', 'b'), later('b', 'a'), later('a')], id: 'c', session: 'a' },
    { what: 'one whose parent has no rows', rows: [later('b', 'a')], id: 'b', session: 'a' },
    { what: 'one of a ring', rows: [later('a', 'b'), later('b', 'a')], id: 'b', session: 'a' },
    { what: 'one that both generations tell of', rows: [v12('run', 'main'), later('main', 'run')], id: 'main', session: 'run' },
    { what: 'one that is not there', rows: [later('a')], id: 'other', session: undefined },
  ])('finds the session of $what', async ({ rows, id, session }) => {
    const { sessionOf } = await surveyTrace(await trace(rows.map((of, at) => ({ at, of }))))
    expect(sessionOf({ id, sessionId: undefined, contextFree: false })).toBe(session)
  })

  it('counts only rows that are wanted, and takes parents from all', async () => {
    const inputs = await trace([
      { at: 1, of: later('child', 'root') },
      { at: 2, of: later('child') },
      { at: 3, of: later('lone') },
    ])
    const { sessions, sessionOf } = await surveyTrace(inputs, { keep: (batch, row) => batch.lines[row] === 2 })
    expect(sessions).toEqual([{ id: 'root', trajectories: 1, rows: 1, firstMs: 2, lastMs: 2 }])
    expect(sessionOf({ id: 'lone', sessionId: undefined, contextFree: false })).toBe('lone')
  })
})
