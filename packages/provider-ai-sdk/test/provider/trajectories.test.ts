// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createTrajectories } from '../../src/provider/trajectories.ts'

describe('what is learnt of a trajectory', () => {
  /** A trajectory with answers of one length, each followed by tools that take so long. */
  function trajectoryWith(outputTokens: number, toolsMs: readonly number[], asksForTools = true) {
    let nowMs = 0
    const trajectory = createTrajectories({ now: () => nowMs }).of('T')
    for (const durationMs of toolsMs) {
      trajectory.began()
      trajectory.answered({ outputTokens, asksForTools })
      nowMs += durationMs
    }
    trajectory.began()
    return trajectory
  }

  it.each<[string, readonly number[], boolean | undefined]>([
    ['nothing of two turns with tools', [10, 10], undefined],
    ['that they are short, of three', [10, 10, 10], true],
    ['that they are long', [60_000, 60_000, 60_000], undefined],
    ['what is typical', [10, 10, 60_000, 10], true],
  ])('of its tools: %s', (_what, toolsMs, expected) => {
    expect(trajectoryWith(40, toolsMs).learnt.speculativePrefill).toBe(expected)
  })

  it('of its tools: nothing while a person thinks', () => {
    expect(trajectoryWith(40, [10, 10, 10, 10], false).learnt.speculativePrefill).toBeUndefined()
  })

  it('of its answers: their mean, from the third on', () => {
    expect(trajectoryWith(40, [10, 10]).learnt.outputLength).toBeUndefined()
    expect(trajectoryWith(40, [10, 10, 10]).learnt.outputLength).toBe(40)
  })
})

describe('trajectories', () => {
  it('are forgotten when they have been unused for longest', () => {
    const trajectories = createTrajectories({ capacity: 2 })
    const [a, b] = [trajectories.of('a'), trajectories.of('b')]
    expect(trajectories.of('a')).toBe(a)
    trajectories.of('c')
    expect(trajectories.find('a')).toBe(a)
    expect(trajectories.find('b')).toBeUndefined()
    expect(trajectories.of('b')).not.toBe(b)
  })
})
