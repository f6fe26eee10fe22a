// SPDX-License-Identifier: Apache-2.0
import { readBlocks } from './blocks.ts'
import { openText, type ByteSource } from './byte-source.ts'
import { isUnreadable, type Input } from './inputs.ts'
import { createScanBlock } from './scan-block.ts'

/** Rows are looked for up to here, unless something else is asked for. */
const SEARCHED_BYTES = 1024 * 1024
const BLOCK_BYTES = 32 * 1024

/**
 * The earliest event time near the beginning of a file, in epoch milliseconds.
 *
 * @param searchedBytes How much is read in vain: many payload rows may come before the first row of a request.
 * @returns -Infinity where none is found, and for what cannot be read, or only
 * once: whoever sorts inputs by time has to open these to know.
 */
export async function findStart(input: Input, maxLineBytes: number, searchedBytes = SEARCHED_BYTES): Promise<number> {
  if (input.file === undefined) return Number.NEGATIVE_INFINITY
  const scanBlock = await createScanBlock({})
  let source: ByteSource | undefined
  try {
    source = await openText(input, { bytes: 0, gzip: false, end: 'whole', lostBytes: 0 })
    let searched = 0
    const blockBytes = Math.min(BLOCK_BYTES, maxLineBytes)
    const takeBuffer = (bytes: number): Uint8Array => new Uint8Array(bytes)
    for await (const stretch of readBlocks(source, { blockBytes, maxLineBytes, takeBuffer })) {
      if (stretch.kind !== 'block') continue
      const { earliestMs } = scanBlock(stretch.block)
      if (!Number.isNaN(earliestMs)) return earliestMs
      searched += stretch.block.end
      if (searched > searchedBytes) break
    }
    return Number.NEGATIVE_INFINITY
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause
    return Number.NEGATIVE_INFINITY
  } finally {
    await source?.close()
  }
}
