// SPDX-License-Identifier: Apache-2.0
import type { ModelSink, RequestSpan } from '../model/model-sink.ts'
import { requestNumber, requestText } from '../read/columns.ts'
import { numberOf, textLength, textOf, textStart, type RowReference } from '../read/row-batch.ts'
import { TextMemory } from './text-memory.ts'
import { LastTurns, Turn } from './turns.ts'

/** A turn that found less of its input in the KV cache than the turn before it had left there. */
export interface CacheLoss {
  readonly trajectoryId: string
  readonly requestId: string
  /** When the request was received, in epoch milliseconds. */
  readonly startMs: number
  /** Tokens that could have been reused, whole blocks of them. */
  readonly expectedTokens: number
  readonly cachedTokens: number
  readonly reason: CacheLossReason
}

/** Workers do not share their caches; where none changed, blocks were evicted or nothing tells. */
export type CacheLossReason = 'worker changed' | 'evicted or unknown'

/** What became of the caches of a whole trace. */
export interface CacheLosses {
  readonly count: number
  /** Those of them that went to another worker. */
  readonly moved: number
  /** The first of them, in the order in which they ended. */
  readonly first: readonly CacheLoss[]
}

/** A turn counts as lost when it reused less than this part of what it could have. */
const LOST_BELOW = 0.5

/**
 * What counts as a block where rows do not tell its size: hosted services
 * report no cached tokens below this many, so less would be a false alarm.
 */
const UNKNOWN_BLOCK_TOKENS = 1024

/** Losses that are told one by one. */
const MAX_LISTED = 1000

/** Bytes of block hashes that are remembered, of the trajectories that were active last. */
const HASH_BYTES = 4 * 1024 * 1024

/**
 * Finds the turns that lost their cache. A turn can reuse the input and output
 * of the turn before, as far as its own input goes on from there; where rows
 * carry block hashes, these say how far it does, so that a prompt which the
 * harness rewrote does not count as lost. Of trajectories that were silent
 * while hashes of some thousand other requests came, only the numbers of
 * tokens are left to tell.
 */
export interface CacheLossFinder extends ModelSink {
  result(): CacheLosses
}

export function createCacheLossFinder(): CacheLossFinder {
  const turns = new LastTurns()
  const before = new Turn()
  const turn = new Turn()
  const first: CacheLoss[] = []
  let memory: TextMemory | undefined
  let count = 0
  let moved = 0

  return {
    request(request) {
      const { row, trajectory } = request
      if (trajectory.contextFree) return
      turns.read(trajectory.index, before)
      if (!Number.isNaN(before.endMs)) compare(request)
      const length = textLength(row, requestText.hashes)
      if (length > 0) memory ??= new TextMemory(HASH_BYTES)
      turn.endMs = request.endMs
      turn.inputTokens = numberOf(row, requestNumber.inputTokens)
      turn.outputTokens = numberOf(row, requestNumber.outputTokens) || 0
      turn.blockSize = numberOf(row, requestNumber.replayBlockSize)
      turn.workers = workersOf(row)
      turn.hashes = length > 0 ? (memory?.put(row.batch.bytes, textStart(row, requestText.hashes), length) ?? -1) : -1
      turn.hashLength = length
      turns.write(trajectory.index, turn)
    },
    tool() {
      // A tool call has nothing in the cache.
    },
    end() {
      // Nothing is left open.
    },
    result: () => ({ count, moved, first }),
  }

  function compare({ row, startMs, trajectory }: RequestSpan): void {
    const cachedTokens = numberOf(row, requestNumber.cachedTokens)
    if (Number.isNaN(cachedTokens) || before.endMs > startMs + 1) return
    const mostTokens = countContinued(before, row)
    // Mostly the numbers of tokens say already that nothing was lost.
    if (!(cachedTokens < mostTokens * LOST_BELOW)) return
    const expectedTokens = countReusable(before, row, mostTokens)
    if (cachedTokens >= expectedTokens * LOST_BELOW) return
    count++
    const workers = workersOf(row)
    const isMoved = before.workers !== 0 && workers !== 0 && before.workers !== workers
    if (isMoved) moved++
    if (first.length === MAX_LISTED) return
    first.push({
      trajectoryId: trajectory.id,
      requestId: textOf(row, requestText.requestId) ?? '',
      startMs,
      expectedTokens,
      cachedTokens,
      reason: isMoved ? 'worker changed' : 'evicted or unknown',
    })
  }

  /** As far as the hashes are the same; where they are not known, as far as the numbers of tokens allow. */
  function countReusable(before: Turn, row: RowReference, mostTokens: number): number {
    const hashesBefore = memory?.get(before.hashes, before.hashLength)
    const length = textLength(row, requestText.hashes)
    if (hashesBefore === undefined || length === 0) return mostTokens
    const start = textStart(row, requestText.hashes)
    const blockSize = blockSizeOf(before, row)
    const shared = countSharedBlocks(hashesBefore, row.batch.bytes.subarray(start, start + length))
    return shared < Math.floor(before.inputTokens / blockSize) ? shared * blockSize : mostTokens
  }
}

/** Whole blocks of what the turn before left, as long as this one's input may go on from there. */
function countContinued(before: Turn, row: RowReference): number {
  const inputTokens = numberOf(row, requestNumber.inputTokens)
  if (Number.isNaN(before.inputTokens) || Number.isNaN(inputTokens)) return 0
  const blockSize = blockSizeOf(before, row)
  return Math.floor(Math.min(before.inputTokens + before.outputTokens, inputTokens) / blockSize) * blockSize
}

function blockSizeOf(before: Turn, row: RowReference): number {
  return Math.max(1, numberOf(row, requestNumber.replayBlockSize) || before.blockSize || UNKNOWN_BLOCK_TOKENS)
}

const COMMA = 0x2c

/** How many hashes two lists begin with alike; compared as they stand in the rows. */
function countSharedBlocks(a: Uint8Array, b: Uint8Array): number {
  let blocks = 0
  let at = 0
  for (; at < a.length && at < b.length && a[at] === b[at]; at++) if (a[at] === COMMA) blocks++
  const aEnds = at === a.length || a[at] === COMMA
  const bEnds = at === b.length || b[at] === COMMA
  return at > 0 && aEnds && bEnds && (at === a.length || at === b.length) ? blocks + 1 : blocks
}

function workersOf({ batch, row }: RowReference): number {
  return batch.workerHashes[row] ?? 0
}
