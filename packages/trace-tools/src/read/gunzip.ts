// SPDX-License-Identifier: Apache-2.0
import { canInflate, createInflater, createQuickInflater, cut, type Inflater } from './inflater.ts'
import type { FileRange } from './inputs.ts'

/** What became known about the compressed data. */
export interface GunzipReport {
  gzip: boolean
  end: 'whole' | 'torn' | 'corrupt'
  /** Bytes passed over because of damage, before decompression. */
  lostBytes: number
}

/** Gives some of the compressed bytes once more. */
export type ReadAgain = (range: FileRange) => AsyncIterable<Uint8Array>

/** How far a member that was cut may make sense of what follows it; most often it is some bytes. */
const SWALLOWED_BYTES = 16 * 1024

/** What every member begins with. */
const MEMBER = Buffer.from([0x1f, 0x8b, 0x08])
const LINE_FEED = 0x0a

/**
 * Passes bytes on, inflated if they are gzip data: their content decides, not
 * a name. Reads all members of a file, as Dynamo's sink appends one with each
 * flush, and gives everything that is there of a last one that was cut, as a
 * killed frontend leaves it. Damage costs what lies between it and the next
 * member; a line feed stands for it, so that the row that was cut does not
 * spoil the next one. Never throws for what the data are.
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
    const head = await readHead(source)
    report.gzip = head[0] === 0x1f && head[1] === 0x8b
    const rest = concatenate(head, source)
    yield* report.gzip ? inflate(rest, report, readAgain) : rest
  } finally {
    await source.return?.()
  }
}

/** The first two bytes at least: a pipe may give them one by one. */
async function readHead(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const next = await source.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* concatenate(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
}

async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  report: GunzipReport,
  readAgain: ReadAgain | undefined,
): AsyncGenerator<Uint8Array> {
  /** Place of the next byte that no inflater has taken. */
  let position = 0
  const create = (): Inflater => {
    const start = position
    return readAgain ? createQuickInflater(() => readAgain({ from: start, to: position })) : createInflater()
  }
  let inflater: Inflater | undefined = create()
  /** Bytes at the end of a piece that may begin a member. */
  let beginning = Buffer.alloc(0)
  let lastByte = LINE_FEED

  function lose(bytes: Uint8Array): void {
    // Zeros after a member are padding, as they are for gzip.
    if (bytes.every((byte) => byte === 0)) return
    report.end = 'corrupt'
    report.lostBytes += bytes.length
  }
  function* takeFrom(from: Inflater): Generator<Uint8Array> {
    for (const piece of from.take()) {
      lastByte = piece.at(-1) ?? lastByte
      yield piece
    }
  }
  function* breakLine(): Generator<Uint8Array> {
    if (lastByte !== LINE_FEED) yield Buffer.of((lastByte = LINE_FEED))
  }

  try {
    for await (const piece of readAgain ? chunks : cutAll(chunks)) {
      let bytes = Buffer.concat([beginning, piece])
      beginning = Buffer.alloc(0)
      while (bytes.length > 0) {
        if (inflater === undefined) {
          const start = bytes.indexOf(MEMBER)
          const skipped = start === -1 ? Math.max(0, bytes.length - MEMBER.length + 1) : start
          lose(bytes.subarray(0, skipped))
          bytes = bytes.subarray(skipped)
          position += skipped
          if (start === -1) {
            beginning = bytes
            break
          }
          inflater = create()
          yield* breakLine()
        }
        const taken: number = await inflater.write(bytes)
        position += taken
        yield* takeFrom(inflater)
        if (taken === bytes.length) break
        inflater.close()
        if (!inflater.isPadded()) report.end = 'corrupt'
        const swallowed = await findSwallowed(bytes, taken)
        bytes = bytes.subarray(taken)
        inflater = undefined
        if (swallowed === undefined) continue
        position -= swallowed.length - 1
        inflater = create()
        yield* breakLine()
        await inflater.write(swallowed)
        position += swallowed.length
        bytes = bytes.subarray(1)
        yield* takeFrom(inflater)
      }
    }
    lose(beginning)
    if (inflater === undefined) return
    const isWhole = await inflater.end()
    yield* takeFrom(inflater)
    if (!isWhole && report.end === 'whole') report.end = 'torn'
  } finally {
    inflater?.close()
  }
}

/**
 * A member that was cut in the middle of a file takes the beginning of the
 * next ones for its own data, until they make no sense. Reading again from any
 * header before its own ends at the same place, from one that it took does not.
 *
 * @param failedAt Where the data make no sense any more.
 * @returns The beginning of the first of them up to this byte and with it, where there is one.
 */
async function findSwallowed(bytes: Buffer, failedAt: number): Promise<Buffer | undefined> {
  let start = bytes.indexOf(MEMBER, Math.max(0, failedAt - SWALLOWED_BYTES))
  while (start !== -1 && start <= failedAt) {
    const swallowed = bytes.subarray(start, failedAt + 1)
    if (await canInflate(swallowed)) return swallowed
    start = bytes.indexOf(MEMBER, start + 1)
  }
  return undefined
}

async function* cutAll(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield* cut(chunk)
}
