// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { estimateUiLoad, type TimelineSize } from '../../src/analyze/ui-load.ts'

const MILLION = 1_000_000
const half = { requests: MILLION / 2, toolCalls: MILLION / 2 }

describe('what a timeline takes in the UI', () => {
  it.each<[string, TimelineSize, [slices: number, gigabytes: number, seconds: number]]>([
    ['nothing', { requests: 0, toolCalls: 0 }, [0, 0, 0]],
    ['a million records with all there is', half, [3 * MILLION, 1.39, 16.5]],
    ['without stages', { ...half, timeline: { stages: false } }, [1.5 * MILLION, 1.045, 8.25]],
    ['with few arguments', { ...half, timeline: { args: 'minimal' } }, [3 * MILLION, 1.19, 16.5]],
    ['as JSON', { ...half, format: 'chrome-json' }, [3 * MILLION, 3.29, 27]],
  ])('%s', (_name, size, [slices, gigabytes, seconds]) => {
    const load = estimateUiLoad(size)
    expect(load.slices).toBe(slices)
    expect(load.bytes / 1e9).toBeCloseTo(gigabytes, 6)
    expect(load.seconds).toBeCloseTo(seconds, 6)
  })
})

describe('advice', () => {
  it.each<[string, TimelineSize, RegExp | undefined]>([
    ['is not needed for a million records', half, undefined],
    [
      'names what can be left out',
      { requests: MILLION, toolCalls: MILLION },
      /with --no-stages --args minimal, or in parts with --split-by hour/,
    ],
    [
      'names another format',
      { ...half, format: 'chrome-json' },
      /with --format perfetto --no-stages --args minimal, or/,
    ],
    [
      'leaves only parts where nothing else is left',
      { requests: 3 * MILLION, toolCalls: MILLION, timeline: { stages: false, args: 'minimal' } },
      /^Write it in parts with --split-by hour/,
    ],
  ])('%s', (_name, size, expected) => {
    const { advice } = estimateUiLoad(size)
    if (expected === undefined) expect(advice).toBeUndefined()
    else expect(advice).toMatch(expected)
  })
})
