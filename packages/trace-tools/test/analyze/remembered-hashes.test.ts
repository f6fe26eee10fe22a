// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { summarizeTrace } from '../../src/index.ts'
import { request } from '../support/records.ts'
import { seededRandom } from '../write/seeded-random.ts'

/** Bytes of hashes that are remembered. */
const SIZE = 4 * 1024 * 1024

/** Of each turn, so that tokens do not say how many hashes were the same. */
const TOKENS = 1000

interface Turn {
  readonly trajectory: string
  readonly hashText: string
}

/** A turn whose hashes are so many bytes: first so many that all turns of its trajectory have. */
function turnOf(trajectory: number, { shared, length }: { shared: number; length: number }): Turn {
  return { trajectory: `t${trajectory}`, hashText: `${trajectory},${'7,'.repeat(shared - 1)}`.padEnd(length, '8') }
}

/** What each turn but the first of its trajectory could have reused, for turns that reused nothing. */
function reusableBy(turns: readonly Turn[]): ReadonlyMap<number, number> {
  const rows = turns.map(({ trajectory, hashText }, index) =>
    request({
      trajectory,
      id: String(index),
      start: index * 100,
      total: 50,
      metrics: { inputTokens: TOKENS, cachedTokens: 0, replay: { blockSize: 1, inputTokens: TOKENS, hashText } },
    }),
  )
  const losses = summarizeTrace(rows).cache.losses.first
  return new Map(losses.map(({ requestId, expectedTokens }) => [Number(requestId), expectedTokens]))
}

it('are as they were, or forgotten, and the latest ones are remembered always', () => {
  const random = seededRandom(9)
  const turns = Array.from({ length: 200 }, () => {
    const shared = 1 + Math.floor(random() * 100)
    const length = 1000 + Math.floor(random() * random() * 400_000)
    return { shared, length, ...turnOf(10 + Math.floor(random() * 40), { shared, length }) }
  })
  const reusable = reusableBy(turns)
  let forgotten = 0
  for (const [index, { trajectory, shared }] of turns.entries()) {
    const last = turns.findLastIndex((turn, at) => at < index && turn.trajectory === trajectory)
    const before = turns[last]
    if (before === undefined) continue
    const told = reusable.get(index)
    const since = turns.slice(last, index).reduce((sum, { length }) => sum + length, 0)
    if (since > SIZE) expect(told).toBe(TOKENS)
    // What no longer fits at the end of the memory is passed over, so some of it may be empty.
    if (since < SIZE / 2 || told !== TOKENS) expect(told).toBe(Math.min(shared, before.shared))
    else forgotten++
  }
  expect(forgotten).toBeGreaterThan(10)
})

it.each([
  ['as many as can be remembered', SIZE, 3],
  ['too many', SIZE + 1, TOKENS],
])('may be %s', (_name, length, expected) => {
  const turns = [length, 100].map((bytes) => turnOf(1, { shared: 3, length: bytes }))
  expect(reusableBy(turns).get(1)).toBe(expected)
})

it('are compared with too many', () => {
  const turns = [100, SIZE + 1].map((bytes) => turnOf(1, { shared: 3, length: bytes }))
  expect(reusableBy(turns).get(1)).toBe(3)
})

it('are compared with those that take their place', () => {
  const first = turnOf(1, { shared: 3, length: 1000 })
  const rest = turnOf(2, { shared: 3, length: SIZE - 1000 })
  const next = turnOf(1, { shared: 2, length: 900 })
  expect(reusableBy([first, rest, next]).get(2)).toBe(2)
  const oneMore = turnOf(3, { shared: 1, length: 10 })
  expect(reusableBy([first, rest, oneMore, next]).get(3)).toBe(TOKENS)
})
