// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { openTrace } from '../src/index.ts'
import { tinyTrace } from './tiny-trace.ts'

/** Two lanes under a root, whose ranks turn the order of their names around; an arrow from one to the other. */
const native = tinyTrace([
  { track: 1, name: 'root' },
  { track: 2, name: 'a', parent: 1, rank: 1 },
  { track: 3, name: 'b', parent: 1, rank: 0 },
  { begin: 'outer', on: 2, at: 100, flow: { out: 9 } },
  { begin: 'inner', on: 2, at: 120, category: 'detail' },
  { end: 2, at: 130 },
  { end: 2, at: 150 },
  { begin: 'target', on: 3, at: 140, flow: { in: 9 } },
  { end: 3, at: 160 },
])

const json = JSON.stringify([
  { ph: 'M', pid: 1, name: 'process_name', args: { name: 'P' } },
  { ph: 'M', pid: 1, tid: 2, name: 'thread_name', args: { name: 'T' } },
  {
    ph: 'X',
    pid: 1,
    tid: 2,
    ts: 1_700_000_000_000_000,
    dur: 5,
    name: 'x',
    cat: 'c',
    args: { s: 'v', n: 1, f: 1.5, b: true, o: { k: [7] } },
  },
  { ph: 'X', pid: 8, tid: 9, ts: 1_700_000_000_000_001, dur: 5, name: 'y', cat: 'd' },
])

describe('slices', () => {
  it('come by time with track, depth and the slice around them', async () => {
    using trace = await openTrace(native)
    expect(trace.slices()).toMatchObject([
      { name: 'outer', category: 'tiny', ts: 100n, dur: 50, depth: 0, parentId: null, track: 'root › a', args: {} },
      { name: 'inner', category: 'detail', ts: 120n, dur: 10, depth: 1, parentId: 0, track: 'root › a' },
      { name: 'target', category: 'tiny', ts: 140n, dur: 20, depth: 0, parentId: null, track: 'root › b' },
    ])
  })

  it('can be those of one category', async () => {
    using trace = await openTrace(native)
    expect(trace.slices({ category: 'detail' }).map(({ name }) => name)).toEqual(['inner'])
  })

  it('of JSON carry arguments of every kind and the names of process and thread', async () => {
    using trace = await openTrace(Buffer.from(json))
    expect(trace.slices()).toMatchObject([
      { ts: 1_700_000_000_000_000_000n, track: 'P › T', args: { s: 'v', n: 1, f: 1.5, b: true, 'o.k[0]': 7 } },
      { ts: 1_700_000_000_000_001_000n, track: 'process 8 › thread 9', args: {} },
    ])
  })
})

describe('trackTree', () => {
  it('is what the UI draws: by rank, not by name', async () => {
    using trace = await openTrace(native)
    expect(trace.trackTree().map(({ path, depth, hasData }) => [path, depth, hasData])).toEqual([
      ['root', 0, false],
      ['root › b', 1, true],
      ['root › a', 1, true],
    ])
  })

  it('is empty for JSON', async () => {
    using trace = await openTrace(Buffer.from(json))
    expect(trace.trackTree()).toEqual([])
  })
})

describe('flows', () => {
  it('tie slice to slice', async () => {
    using trace = await openTrace(native)
    expect(trace.flows()).toMatchObject([
      { from: { name: 'outer', track: 'root › a' }, to: { name: 'target', track: 'root › b' } },
    ])
  })
})
