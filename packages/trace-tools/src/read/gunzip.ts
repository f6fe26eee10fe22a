// SPDX-License-Identifier: Apache-2.0
import type { InputEnd } from './census.ts'
import { readBeginning } from './gzip-beginning.ts'
import { GzipReader } from './gzip-reader.ts'
import { PIECE_BYTES } from './inflater.ts'
import { CHUNK_BYTES, type FileRange } from './inputs.ts'

/** What became known about the compressed data. */
export interface GunzipReport {
  gzip: boolean
  end: InputEnd
  /** Bytes passed over because of damage, before decompression. */
  lostBytes: number
}

/** Gives some of the compressed bytes once more. */
export type ReadAgain = (range: FileRange) => AsyncIterable<Uint8Array>

export interface GunzipOptions {
  /** Spares half of the work where there is no damage. */
  readonly readAgain?: ReadAgain
  /**
   * How much is inflated at a time, about. Between two times zlib's thread
   * waits for this one, which may be busy with what came before.
   *
   * @defaultValue 64 KiB, which it is at least
   */
  readonly inflatedBytes?: number
}

const LEAST_INFLATED_BYTES = 64 * 1024
const SMALLEST_PIECE_BYTES = 1024

/**
 * Passes bytes on, inflated if they are gzip data: their content decides, not
 * a name. Reads all members of a file, as Dynamo's sink appends one with each
 * flush, and gives everything that is there of a last one that was cut, as a
 * killed frontend leaves it. Damage costs what lies between it and the next
 * member, at the beginning too; a line feed stands for it, so that the row that
 * was cut does not spoil the next one. Never throws for what the data are.
 *
 * @param report Filled in while reading.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  report: GunzipReport,
  options: GunzipOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const { bytes, isGzip } = await readBeginning(source)
    report.gzip = isGzip
    const all = concatenate(bytes, source)
    yield* isGzip ? inflate(all, report, options) : all
  } finally {
    await source.return?.()
  }
}

async function* concatenate(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < head.length; at += CHUNK_BYTES) yield head.subarray(at, at + CHUNK_BYTES)
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
}

async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  report: GunzipReport,
  options: GunzipOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { readAgain } = options
  const inflatedBytes = Math.max(LEAST_INFLATED_BYTES, options.inflatedBytes ?? 0)
  const reader = new GzipReader(report, { readAgain, inflatedBytes })
  const mostBytes = readAgain ? CHUNK_BYTES : PIECE_BYTES
  // A megabyte of data may be all that some hundred bytes inflate to, so one begins with few.
  let pieceBytes = PIECE_BYTES
  try {
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + pieceBytes)
        at += piece.length
        const before = reader.inflatedBytes
        rest = yield* reader.read(Buffer.concat([rest, piece]), false)
        const inflated = reader.inflatedBytes - before
        if (inflated > inflatedBytes) pieceBytes = Math.max(SMALLEST_PIECE_BYTES, pieceBytes >>> 1)
        else if (inflated * 2 <= inflatedBytes) pieceBytes = Math.min(mostBytes, pieceBytes * 2)
      }
    }
    yield* reader.read(rest, true)
    yield* reader.end()
  } finally {
    reader.close()
  }
}

