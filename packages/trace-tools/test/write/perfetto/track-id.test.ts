// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { TrackId } from '../../../src/write/perfetto/track-id.ts'

const uuid = (...parts: string[]) => TrackId.of(...parts).uuid

describe('TrackId', () => {
  it('is the same for the same parts and another for others', () => {
    expect(uuid('session', 'a')).toBe(uuid('session', 'a'))
    const others = [['session', 'b'], ['session', 'a', ''], ['sessiona'], ['', 'session', 'a'], ['a', 'session'], []]
    expect(new Set([['session', 'a'], ...others].map((parts) => uuid(...parts))).size).toBe(others.length + 1)
  })

  it('has 56 bits', () => {
    for (let index = 0; index < 500; index++) {
      const id = uuid('track', String(index))
      expect(id >= 2n ** 55n && id < 2n ** 56n).toBe(true)
    }
  })

  it('does not collide for a million tracks', () => {
    // Of 30,000 ids in 2^28 about 1.7 have the same half.
    const ids = Array.from({ length: 30_000 }, (_, index) => TrackId.of('trajectory', '', `agent-run-${index}`))
    for (const half of ['low', 'high'] as const) {
      expect(new Set(ids.map((id) => id[half])).size).toBeGreaterThan(ids.length - 20)
    }
    expect(new Set(ids.map((id) => id.uuid)).size).toBe(ids.length)
  })
})
