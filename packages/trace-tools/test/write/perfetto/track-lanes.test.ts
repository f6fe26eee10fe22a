// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { LaneSet } from '../../../src/model/lane-set.ts'
import { Packets } from '../../../src/write/perfetto/packets.ts'
import { TrackId } from '../../../src/write/perfetto/track-id.ts'
import { TrackLanes } from '../../../src/write/perfetto/track-lanes.ts'
import { seededRandom } from '../seeded-random.ts'

const createLanes = (packets: Packets, name: 'LLM' | 'tools') =>
  new TrackLanes(packets, { name, firstRank: 0, separateStages: false })

describe('TrackLanes', () => {
  it.each(['LLM', 'tools'] as const)('finds the same lanes as LaneSet does: %s', (name) => {
    const packets = new Packets()
    const lanes = createLanes(packets, name)
    for (let seed = 1; seed <= 500; seed++) {
      const random = seededRandom(seed)
      const expected = new LaneSet({ expectsLate: name === 'tools' })
      const set = lanes.below(new TrackId(String(seed)))
      if (random() < 0.2) lanes.first(set)
      const opened: number[] = []
      for (let index = 0; index < 60; index++) {
        const startMs = Math.floor(random() * 60)
        const endMs = startMs + Math.floor(random() * random() * 30)
        if (name === 'tools' && random() < 0.3) {
          expected.mark(endMs)
          packets.events.markLanes(set, endMs)
        }
        const lane = lanes.assign(set, startMs, endMs)
        if (!opened.includes(lane)) opened.push(lane)
        expect(opened.indexOf(lane), `seed ${seed}`).toBe(expected.assign(startMs, endMs))
      }
      expect(lanes.first(set)).toBe(opened[0])
    }
  })

  it('describes a lane once, be it for a span or for a mark', () => {
    const packets = new Packets()
    const lanes = createLanes(packets, 'tools')
    const set = lanes.below(new TrackId('parent'))
    const first = lanes.first(set)
    const bytes = packets.events.outputBytes()
    expect(bytes).toBeGreaterThan(0)
    expect(lanes.assign(set, 0, 5)).toBe(first)
    expect(lanes.first(set)).toBe(first)
    expect(packets.events.outputBytes()).toBe(bytes)
    expect(lanes.assign(set, 1, 5)).not.toBe(first)
    expect(packets.events.outputBytes()).toBeGreaterThan(bytes)
  })
})
