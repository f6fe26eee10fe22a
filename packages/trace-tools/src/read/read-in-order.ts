// SPDX-License-Identifier: Apache-2.0
import type { ByteReport } from './byte-source.ts'
import { isUnreadable, type Input } from './inputs.ts'
import { mergeByTime } from './merge.ts'
import { readInput, type ScannedStretch } from './read-input.ts'
import type { ScanPool } from './scan-pool.ts'
import type { Spares } from './spares.ts'
import { findStart } from './start-time.ts'

/** A stretch, and the place of its input among all. */
export interface InputStretch {
  readonly input: number
  readonly stretch: ScannedStretch
}

export interface ReadInOrderOptions {
  readonly pool: ScanPool
  readonly spares: Spares
  /** Size of the largest ordinary block, a power of two. */
  readonly blockBytes: number
  readonly maxLineBytes: number
  /** Gives what the reader of an input's bytes fills in. */
  readonly reportOf: (input: number) => ByteReport
  /** Told the beginning of the text of an input. */
  readonly onBeginning: (input: number, text: Uint8Array) => void
}

const SMALLEST_BLOCK_BYTES = 32 * 1024
/** What the next blocks of all open inputs may hold together, about: those of a few are as large as any. */
const OPEN_BYTES = 8 * 1024 * 1024

/**
 * Reads inputs so that their stretches come in order of time: each input is
 * opened when the time of its first row has come, and those that overlap, as
 * the shards of several frontends do, take turns.
 */
export async function* readInOrder(
  inputs: readonly Input[],
  { pool, spares, blockBytes, maxLineBytes, reportOf, onBeginning }: ReadInOrderOptions,
): AsyncGenerator<InputStretch, void, undefined> {
  let openInputs = 0

  async function* read(input: number, from: Input): AsyncGenerator<InputStretch, void, undefined> {
    openInputs++
    const stretches = readInput(from, reportOf(input), {
      pool,
      spares,
      maxLineBytes,
      blockBytes: shareOf(blockBytes, openInputs),
      depth: () => Math.floor(pool.depth() / openInputs),
      onBeginning: (text) => {
        onBeginning(input, text)
      },
    })
    try {
      for await (const stretch of stretches) yield { input, stretch }
    } catch (cause) {
      if (!from.found || !isUnreadable(cause)) throw cause
      reportOf(input).end = 'unreadable'
    } finally {
      openInputs--
    }
  }

  const sources = []
  for (const [index, input] of inputs.entries()) {
    const startMs = inputs.length === 1 ? -Infinity : await findStart(input, maxLineBytes)
    sources.push({ startMs, open: () => read(index, input) })
  }
  yield* mergeByTime(sources, timeOf)
}

/** Undefined for stretches without rows. */
function timeOf({ stretch }: InputStretch): number | undefined {
  return stretch.kind === 'rows' && !Number.isNaN(stretch.scanned.earliestMs) ? stretch.scanned.earliestMs : undefined
}

/** The more inputs are open, the smaller are the blocks; halved, so that there are few sizes and buffers fit again. */
function shareOf(blockBytes: number, openInputs: number): number {
  let share = blockBytes
  while (share > SMALLEST_BLOCK_BYTES && share * openInputs > OPEN_BYTES) share = Math.ceil(share / 2)
  return share
}
