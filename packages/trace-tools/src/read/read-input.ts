// SPDX-License-Identifier: Apache-2.0
import { readBlocks, type ReadBlocksOptions, type Stretch } from './blocks.ts'
import { openText, type ByteReport } from './byte-source.ts'
import type { Input } from './inputs.ts'
import type { ScannedRows } from './scan-block.ts'
import type { ScanPool } from './scan-pool.ts'
import type { Spares } from './spares.ts'

/** A stretch of an input as it was scanned. */
export type ScannedStretch =
  | { readonly kind: 'rows'; readonly scanned: ScannedRows; readonly torn: boolean }
  | Extract<Stretch, { kind: 'passed-over' }>

export interface ReadInputServices extends Pick<ReadBlocksOptions, 'blockBytes' | 'maxLineBytes'> {
  readonly pool: ScanPool
  readonly spares: Spares
  /** How many blocks to be ahead of the consumer; may be 0. */
  readonly depth: () => number
  /** Told the beginning of the text. */
  readonly onBeginning?: (bytes: Uint8Array) => void
}

/** Reads one input. The blocks that follow are read and scanned while the consumer is busy with one. */
export async function* readInput(
  input: Input,
  report: ByteReport,
  { blockBytes, maxLineBytes, pool, spares, depth, onBeginning }: ReadInputServices,
): AsyncGenerator<ScannedStretch, void, undefined> {
  const source = await openText(input, report, blockBytes)
  const stretches = readBlocks(source, {
    blockBytes,
    maxLineBytes,
    takeBuffer: (bytes) => spares.takeBuffer(bytes),
    // Bytes are nearest to the processor that has read them.
    leavesUnread: () => pool.hasThreads(),
    ...(onBeginning && { onBeginning }),
  })

  const step = async (): Promise<ScannedStretch | undefined> => {
    const next = await stretches.next()
    if (next.done === true) return undefined
    const stretch = next.value
    if (stretch.kind !== 'block') return stretch
    const scanned = await pool.scan(stretch.block, spares.takeColumns())
    return { kind: 'rows', scanned, torn: stretch.torn }
  }
  const ahead: Promise<ScannedStretch | undefined>[] = []
  const goAhead = (blocks: number): void => {
    while (ahead.length < blocks) {
      const promise = step()
      // Should it fail, whoever asks for it is told; nobody may ask.
      promise.catch(() => undefined)
      ahead.push(promise)
    }
  }

  try {
    for (;;) {
      goAhead(Math.max(1, depth()))
      const next = await ahead.shift()
      if (next === undefined) return
      goAhead(depth())
      yield next
    }
  } finally {
    await Promise.allSettled(ahead)
    await source.close()
  }
}
