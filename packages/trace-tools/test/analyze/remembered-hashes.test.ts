// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { summarizeTrace } from '../../src/index.ts'
import { request } from '../support/records.ts'
import { seededRandom } from '../write/seeded-random.ts'

/** KV blocks whose hashes are remembered. */
const SIZE = 256 * 1024

/** Of each turn, so that tokens do not say how many hashes were the same. */
const TOKENS = 1000

interface Turn {
  readonly trajectory: string
  readonly hashText: string
}

/** Differs from turn to turn. */
let ownHash = 1_000_000

/** A turn of so many blocks: first so many that all turns of its trajectory have. */
function turnOf(trajectory: number, { shared, blocks }: { shared: number; blocks: number }): Turn {
  const hashes = [trajectory, ...Array<number>(shared - 1).fill(7), ...Array<number>(blocks - shared).fill(ownHash++)]
  return { trajectory: `t${trajectory}`, hashText: hashes.join(',') }
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
    const blocks = 101 + Math.floor(random() * random() * 25_000)
    return { shared, blocks, ...turnOf(10 + Math.floor(random() * 40), { shared, blocks }) }
  })
  const reusable = reusableBy(turns)
  let forgotten = 0
  for (const [index, { trajectory, shared }] of turns.entries()) {
    const last = turns.findLastIndex((turn, at) => at < index && turn.trajectory === trajectory)
    const before = turns[last]
    if (before === undefined) continue
    const told = reusable.get(index)
    const since = turns.slice(last, index).reduce((sum, { blocks }) => sum + blocks, 0)
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
])('may be %s', (_name, most, expected) => {
  const turns = [most, 100].map((blocks) => turnOf(1, { shared: 3, blocks }))
  expect(reusableBy(turns).get(1)).toBe(expected)
})

it('are compared with too many', () => {
  const turns = [100, SIZE + 1].map((blocks) => turnOf(1, { shared: 3, blocks }))
  expect(reusableBy(turns).get(1)).toBe(3)
})

it('are compared with those that take their place', () => {
  const first = turnOf(1, { shared: 3, blocks: 1000 })
  const rest = turnOf(2, { shared: 3, blocks: SIZE - 1000 })
  const next = turnOf(1, { shared: 2, blocks: 900 })
  expect(reusableBy([first, rest, next]).get(2)).toBe(2)
  const oneMore = turnOf(3, { shared: 1, blocks: 10 })
  expect(reusableBy([first, rest, oneMore, next]).get(3)).toBe(TOKENS)
})
