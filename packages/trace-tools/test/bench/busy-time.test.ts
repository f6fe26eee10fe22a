// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createBusyTimeSweep, layers, type BusyTime, type Layer } from '../../bench/generator/busy-time.ts'
import { Random } from '../../bench/generator/random.ts'

interface BusyInterval {
  readonly layer: Layer
  readonly start: number
  readonly end: number
}

/** Counts nanosecond by nanosecond. */
function paint(intervals: readonly BusyInterval[], size: number): BusyTime {
  const moments = Array.from({ length: size }, () => Infinity)
  for (const { layer, start, end } of intervals) {
    const priority = layers.indexOf(layer)
    for (let moment = start; moment < end; moment++) moments[moment] = Math.min(moments[moment] ?? Infinity, priority)
  }
  const of = (layer: Layer): number => moments.filter((moment) => moment === layers.indexOf(layer)).length
  const total = moments.filter((moment) => moment !== Infinity).length
  return { total, ...(Object.fromEntries(layers.map((layer) => [layer, of(layer)])) as Record<Layer, number>) }
}

describe('the sweep over busy time', () => {
  it.each([1, 2, 3, 4, 5])('gives each moment to the first layer that is open in it (seed %d)', (seed) => {
    const random = new Random(seed)
    const intervals = Array.from({ length: 300 }, (): BusyInterval => {
      const start = random.between(0, 4000)
      return { layer: random.pick(layers), start, end: start + random.between(0, 40) }
    })
    const sweep = createBusyTimeSweep()
    for (const { layer, start, end } of intervals) sweep.add(layer, start, end)
    expect(sweep.finish()).toEqual(paint(intervals, 5000))
  })

  it('keeps but little of what is settled, and forgets nothing', () => {
    const sweep = createBusyTimeSweep()
    sweep.open('agent', 0)
    for (let start = 0; start < 3_000_000; start += 10) {
      sweep.settle(start)
      sweep.add('tools', start, start + 4)
    }
    sweep.close('agent', 3_000_000)
    expect(sweep.finish()).toMatchObject({ total: 3_000_000, tools: 1_200_000, agent: 1_800_000 })
  })

  it('refuses what comes too late to count, and what never ends', () => {
    const sweep = createBusyTimeSweep()
    sweep.settle(100)
    expect(() => {
      sweep.open('tools', 99)
    }).toThrow(RangeError)
    sweep.open('tools', 100)
    expect(() => sweep.finish()).toThrow('never closed')
  })
})
