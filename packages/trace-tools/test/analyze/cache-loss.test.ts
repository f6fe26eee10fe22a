// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RequestMetrics } from '@dynamo-agent/core'
import { summarizeTrace } from '../../src/index.ts'
import { request } from '../support/records.ts'

const workers = [2n ** 63n + 1n, 2n ** 63n + 2n].map((id) => ({ prefillWorkerId: id, decodeWorkerId: id }))

/** A turn with an input of so many blocks of 64 tokens, each with a hash of its own from `prompt`. */
function turn(blocks: number, cachedTokens: number, { worker = 0, prompt = '1' } = {}): Partial<RequestMetrics> {
  const hashText = Array.from({ length: blocks }, (_, index) => `${prompt}${index}`).join(',')
  return {
    inputTokens: blocks * 64,
    outputTokens: 10,
    cachedTokens,
    worker: workers[worker]!,
    replay: { blockSize: 64, inputTokens: blocks * 64, hashText },
  }
}

function lossesOf(...turns: readonly Partial<RequestMetrics>[]) {
  const rows = turns.map((metrics, index) =>
    request({ trajectory: 'a', id: `r${index}`, start: index * 100, total: 50, metrics }),
  )
  return summarizeTrace(rows).cache.losses.first.map(({ requestId, expectedTokens, cachedTokens, reason }) => ({
    id: requestId,
    expectedTokens,
    cachedTokens,
    reason,
  }))
}

describe('turns that lost their cache', () => {
  it.each<[string, Partial<RequestMetrics>[]]>([
    ['a first turn has nothing to lose', [turn(10, 0)]],
    ['a turn that reuses the one before', [turn(10, 0), turn(12, 640)]],
    ['a turn that lacks a block or two', [turn(10, 0), turn(12, 512)]],
    ['a prompt that the harness rewrote', [turn(10, 0), turn(12, 0, { prompt: '2' })]],
    ['a turn shorter than a block', [turn(10, 0), { inputTokens: 12, cachedTokens: 0 }]],
    ['a turn that does not tell what was cached', [turn(10, 0), { inputTokens: 700 }]],
    ['turns that tell nothing', [{}, {}]],
  ])('are not: %s', (_name, turns) => {
    expect(lossesOf(...turns)).toEqual([])
  })

  it('are those that went to another worker', () => {
    expect(lossesOf(turn(10, 0), turn(12, 0, { worker: 1 }))).toEqual([
      { id: 'r1', expectedTokens: 640, cachedTokens: 0, reason: 'worker changed' },
    ])
  })

  it('are those whose blocks were evicted', () => {
    expect(lossesOf(turn(10, 0), turn(12, 64), turn(14, 768))).toEqual([
      { id: 'r1', expectedTokens: 640, cachedTokens: 64, reason: 'evicted or unknown' },
    ])
  })

  it('went to the same worker where a row leaves out the rank of the first one', () => {
    const ranks = [0, undefined, -0, 0]
    const turns = ranks.map((prefillDpRank, index) => {
      const { worker, ...rest } = turn(10 + 2 * index, 0)
      return { ...rest, worker: { ...worker, ...(prefillDpRank !== undefined && { prefillDpRank }) } }
    })
    expect(new Set(lossesOf(...turns).map(({ reason }) => reason))).toEqual(new Set(['evicted or unknown']))
  })

  it('are counted by token sums where rows carry no hashes', () => {
    const before = { inputTokens: 4000, outputTokens: 100, cachedTokens: 0 }
    const reason = 'evicted or unknown'
    expect(lossesOf(before, { inputTokens: 5000, cachedTokens: 0 })).toMatchObject([{ expectedTokens: 4096, reason }])
    expect(lossesOf(before, { inputTokens: 2100, cachedTokens: 0 })).toMatchObject([{ expectedTokens: 2048, reason }])
    expect(lossesOf(before, { inputTokens: 1000, cachedTokens: 0 })).toEqual([])
  })

  it('expect no more than the part of the prompt that stayed', () => {
    const changed = { ...turn(12, 0), replay: { blockSize: 64, inputTokens: 768, hashText: '10,11,12,99,98' } }
    expect(lossesOf(turn(10, 0), changed)).toMatchObject([{ expectedTokens: 192 }])
  })

  it('expect no block whose hash only begins alike, wherever it is in the prompt', () => {
    for (let shared = 1; shared < 30; shared++) {
      const hashText = Array.from({ length: 40 }, (_, index) => (index < shared ? `1${index}` : `1${index}0`)).join(',')
      const changed = { ...turn(40, 0), replay: { blockSize: 64, inputTokens: 40 * 64, hashText } }
      expect(lossesOf(turn(30, 0), changed), `${shared} blocks`).toMatchObject([{ expectedTokens: shared * 64 }])
    }
  })

  it('cannot be told of a request that began before the last one ended', () => {
    const rows = [0, 10].map((start) => request({ trajectory: 'a', start, total: 50, metrics: turn(10, 0) }))
    expect(summarizeTrace(rows).cache.losses).toEqual({ count: 0, moved: 0, first: [] })
  })
})
