// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { buildTraceModel } from '../../src/index.ts'
import { request, toolStart, type RequestInput } from '../support/records.ts'

/** Session › trajectories, each as `id` or `id<parent` behind one dot for each level. */
function outline(rows: readonly RequestInput[]): Record<string, string[]> {
  const { sessions } = buildTraceModel(rows.map(request))
  return Object.fromEntries(
    sessions.map(({ id, trajectories }) => [
      id ?? 'none',
      trajectories.map(
        ({ depth, id, parentId }) => '.'.repeat(depth) + id + (parentId === undefined ? '' : `<${parentId}`),
      ),
    ]),
  )
}

describe('sessions and their trajectories', () => {
  it.each<[string, RequestInput[], Record<string, string[]>]>([
    ['a trajectory alone is its own session', [{ trajectory: 'a', start: 0 }], { a: ['a'] }],
    [
      'from 1.3 on the session is the root of the parent chain',
      [
        { trajectory: 'c', parent: 'b', start: 2 },
        { trajectory: 'b', parent: 'a', start: 1 },
        { trajectory: 'a', start: 0 },
      ],
      { a: ['a', '.b<a', '..c<b'] },
    ],
    [
      'rows of 1.2 name their session',
      [
        { session: 's', trajectory: 'root', start: 0 },
        { session: 's', trajectory: 'child', parent: 'root', start: 1 },
      ],
      { s: ['root', '.child<root'] },
    ],
    [
      'the same trajectory id in two sessions of 1.2 is two trajectories',
      [
        { session: 's', trajectory: 'main', start: 0 },
        { session: 't', trajectory: 'main', start: 1 },
      ],
      { s: ['main'], t: ['main'] },
    ],
    [
      'rows of both generations meet in one session',
      [
        { session: 'a', trajectory: 'a', start: 0 },
        { trajectory: 'a', start: 5 },
        { trajectory: 'b', parent: 'a', start: 6 },
      ],
      { a: ['a', '.b<a'] },
    ],
    [
      'a parent without rows is the session, and the siblings stay together',
      [
        { trajectory: 'b', parent: 'gone', start: 0 },
        { trajectory: 'c', parent: 'gone', start: 1 },
        { trajectory: 'd', parent: 'c', start: 2 },
      ],
      { gone: ['b<gone', 'c<gone', '.d<c'] },
    ],
    [
      'a parent named in one row holds for all',
      [
        { trajectory: 'a', start: 0 },
        { trajectory: 'b', start: 1 },
        { trajectory: 'b', parent: 'a', start: 2 },
      ],
      { a: ['a', '.b<a'] },
    ],
    ['a trajectory that is its own parent has none', [{ trajectory: 'a', parent: 'a', start: 0 }], { a: ['a'] }],
    [
      'a ring of parents is cut at its first trajectory',
      [
        { trajectory: 'a', parent: 'c', start: 0 },
        { trajectory: 'b', parent: 'a', start: 1 },
        { trajectory: 'c', parent: 'b', start: 2 },
        { trajectory: 'd', parent: 'c', start: 3 },
      ],
      { a: ['a', '.b<a', '..c<b', '...d<c'] },
    ],
    [
      'a ring in a named session is cut too',
      [
        { session: 's', trajectory: 'b', parent: 'a', start: 1 },
        { session: 's', trajectory: 'a', parent: 'b', start: 0 },
      ],
      { s: ['a', '.b<a'] },
    ],
    [
      'children come by start, each behind its parent',
      [
        { trajectory: 'late', parent: 'root', start: 9 },
        { trajectory: 'early', parent: 'root', start: 3 },
        { trajectory: 'grandchild', parent: 'early', start: 20 },
        { trajectory: 'root', start: 0 },
      ],
      { root: ['root', '.early<root', '..grandchild<early', '.late<root'] },
    ],
    [
      'rows without context share an entry without id',
      [{ start: 5 }, { trajectory: 'a', start: 0 }, { start: 9 }],
      { a: ['a'], none: ['request-only'] },
    ],
    [
      'ids that are names of object members are only names',
      [
        { trajectory: '__proto__', start: 0 },
        { trajectory: 'constructor', parent: '__proto__', start: 1 },
      ],
      { ['__proto__']: ['__proto__', '.constructor<__proto__'] },
    ],
  ])('%s', (_name, rows, expected) => {
    expect(outline(rows)).toEqual(expected)
  })

  it('tells the session type of Dynamo 1.2 and the time from the first start to the last end', () => {
    const model = buildTraceModel([
      request({ session: 's', trajectory: 'a', start: 10, total: 5 }),
      request({ session: 's', trajectory: 'b', parent: 'a', start: 12, total: 30 }),
    ])
    expect(model.sessions).toMatchObject([{ id: 's', sessionTypeId: 'test', startMs: 10, endMs: 42 }])
    expect(model.interval).toEqual({ startMs: 10, endMs: 42 })
  })

  it('knows a trajectory by its tool rows alone', () => {
    const model = buildTraceModel([toolStart({ trajectory: 'a', at: 7 })])
    expect(model.sessions).toMatchObject([{ id: 'a', trajectories: [{ requests: [], toolCalls: [{ startMs: 7 }] }] }])
  })

  it('is empty for no rows', () => {
    expect(buildTraceModel([])).toEqual({ sessions: [], edges: [], duplicateRows: 0 })
  })

  it('counts rows that come twice once', () => {
    const rows = [request({ trajectory: 'a', start: 0, total: 9 }), toolStart({ trajectory: 'a', at: 9 })]
    const once = buildTraceModel(rows)
    const twice = buildTraceModel([...rows, ...structuredClone(rows)])
    expect(twice).toEqual({ ...once, duplicateRows: 2 })
  })

  it('stands 20,000 levels of nesting, and a ring of as many', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      request({ trajectory: `t${index}`, parent: `t${index + 1}`, start: index }),
    )
    const open = buildTraceModel(chain)
    expect(open.sessions).toMatchObject([{ id: 't20000' }])
    expect(open.sessions[0]?.trajectories.at(-1)).toMatchObject({ id: 't0', depth: 19_999 })

    const ring = buildTraceModel([...chain, request({ trajectory: 't20000', parent: 't0', start: 20_000 })])
    expect(ring.sessions).toMatchObject([{ id: 't0' }])
    expect(ring.sessions[0]?.trajectories).toHaveLength(20_001)
  })
})
