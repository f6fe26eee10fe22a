// SPDX-License-Identifier: Apache-2.0
import type { InputEnd } from './census.ts'
import { readBeginning } from './gzip-beginning.ts'
import { GzipReader } from './gzip-reader.ts'
import { cut } from './inflater.ts'
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

/**
 * Passes bytes on, inflated if they are gzip data: their content decides, not
 * a name. Reads all members of a file, as Dynamo's sink appends one with each
 * flush, and gives everything that is there of a last one that was cut, as a
 * killed frontend leaves it. Damage costs what lies between it and the next
 * member, at the beginning too; a line feed stands for it, so that the row that
 * was cut does not spoil the next one. Never throws for what the data are.
 *
 * @param report Filled in while reading.
 * @param readAgain Spares half of the work where there is no damage.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  report: GunzipReport,
  readAgain?: ReadAgain,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const { bytes, isGzip } = await readBeginning(source)
    report.gzip = isGzip
    const all = concatenate(bytes, source)
    yield* isGzip ? inflate(all, report, readAgain) : all
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
  readAgain: ReadAgain | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new GzipReader(report, readAgain)
  try {
    let rest: Buffer = Buffer.alloc(0)
    for await (const piece of readAgain ? chunks : cutAll(chunks)) {
      rest = yield* reader.read(Buffer.concat([rest, piece]), false)
    }
    yield* reader.read(rest, true)
    yield* reader.end()
  } finally {
    reader.close()
  }
}

async function* cutAll(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield* cut(chunk)
}
