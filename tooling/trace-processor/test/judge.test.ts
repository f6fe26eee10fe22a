// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { judge, openTrace } from '../src/index.ts'
import { tinyTrace, type TinyPacket } from './tiny-trace.ts'

const lane: TinyPacket = { track: 1, name: 'lane' }

async function verdict(bytes: Uint8Array): Promise<string[]> {
  using trace = await openTrace(bytes)
  return judge(trace)
}

const slice = (name: string, ts: number, dur: number) => ({ ph: 'X', pid: 1, tid: 2, ts, dur, name, cat: 'c' })

describe('a good trace', () => {
  it('has nothing wrong with it: native', async () => {
    const packets: TinyPacket[] = [
      lane,
      { begin: 'request', on: 1, at: 0, category: 'request' },
      { begin: 'stage', on: 1, at: 0, category: 'stage' },
      { end: 1, at: 50 },
      { end: 1, at: 50 },
      { begin: 'request', on: 1, at: 50, category: 'request' },
      { end: 1, at: 50 },
    ]
    expect(await verdict(tinyTrace(packets))).toEqual([])
  })

  it('has nothing wrong with it: JSON', async () => {
    expect(await verdict(Buffer.from(JSON.stringify([slice('a', 0, 10), slice('b', 10, 5)])))).toEqual([])
  })
})

describe('a bad trace', () => {
  it('of JSON has slices that overlap on one thread', async () => {
    const problems = await verdict(Buffer.from(JSON.stringify([slice('a', 0, 10), slice('b', 5, 10)])))
    expect(problems).toEqual(['stat slice_drop_overlapping_complete_event (error) is 1'])
  })

  it('has slices that overlap on one native track, which the engine nests in silence', async () => {
    const packets: TinyPacket[] = [
      lane,
      { begin: 'first', on: 1, at: 0 },
      { begin: 'second', on: 1, at: 50 },
      { end: 1, at: 100 },
      { end: 1, at: 150 },
    ]
    expect(await verdict(tinyTrace(packets))).toEqual([
      'slice "second" at 50 ns on "lane" lies inside slice "first" at 0 ns on "lane"',
    ])
  })

  it('has a slice that nothing ends', async () => {
    expect(await verdict(tinyTrace([lane, { begin: 'open', on: 1, at: 7 }]))).toEqual([
      'slice "open" at 7 ns on "lane" never ends',
    ])
  })

  it('has a slice without a name', async () => {
    expect(await verdict(tinyTrace([lane, { begin: '', on: 1, at: 7 }, { end: 1, at: 9 }]))).toEqual([
      'slice "" at 7 ns on "lane" has no name',
    ])
  })
})
