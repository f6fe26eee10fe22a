// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { LaneSet } from '../../../src/model/lane-set.ts'
import { REQUEST_LANES, TOOL_LANES } from '../../../src/write/perfetto/lane-kinds.ts'
import { Packets } from '../../../src/write/perfetto/packets.ts'
import { seededRandom } from '../seeded-random.ts'

describe('lanes of tracks', () => {
  it.each([
    ['requests', REQUEST_LANES],
    ['tool calls', TOOL_LANES],
  ])('are the same that LaneSet finds: %s', (_name, kind) => {
    const { events } = new Packets()
    for (let seed = 1; seed <= 500; seed++) {
      const random = seededRandom(seed)
      const expected = new LaneSet({ expectsLate: kind === TOOL_LANES })
      const set = events.createLaneSet(kind, seed, 1)
      if (random() < 0.2) events.firstLane(set)
      const opened: number[] = []
      for (let index = 0; index < 60; index++) {
        const startMs = Math.floor(random() * 60)
        const endMs = startMs + Math.floor(random() * random() * 30)
        if (kind === TOOL_LANES && random() < 0.3) {
          expected.mark(endMs)
          events.markLanes(set, endMs)
        }
        const lane = events.laneFor(set, startMs, endMs)
        if (!opened.includes(lane)) opened.push(lane)
        expect(opened.indexOf(lane), `seed ${seed}`).toBe(expected.assign(startMs, endMs))
      }
      expect(events.firstLane(set)).toBe(opened[0])
    }
  })

  it('are described once, be it for a span or for a mark', () => {
    const { events } = new Packets()
    const set = events.createLaneSet(TOOL_LANES, 1, 2)
    const first = events.firstLane(set)
    const bytes = events.outputBytes()
    expect(bytes).toBeGreaterThan(0)
    expect(events.laneFor(set, 0, 5)).toBe(first)
    expect(events.firstLane(set)).toBe(first)
    expect(events.outputBytes()).toBe(bytes)
    expect(events.laneFor(set, 1, 5)).not.toBe(first)
    expect(events.outputBytes()).toBeGreaterThan(bytes)
  })
})
