// SPDX-License-Identifier: Apache-2.0
import { LINE_FEED } from './block.ts'
import type { GunzipOptions, GunzipReport, ReadAgain } from './gunzip.ts'
import { findMember, MemberEnd, SMALLEST_MEMBER_BYTES } from './gzip-member.ts'
import { canInflate, createInflater, createQuickInflater, type Inflater } from './inflater.ts'

/** Enough to tell a member from data that look like its header: of those, one in thousands makes sense for 64 bytes. */
const ENOUGH_BYTES = 512

interface GzipReaderOptions extends Required<Pick<GunzipOptions, 'inflatedBytes'>> {
  readonly readAgain: ReadAgain | undefined
}

/** Inflates all members of a file, whatever lies between them. */
export class GzipReader {
  readonly #report: GunzipReport
  readonly #readAgain: ReadAgain | undefined
  readonly #chunkBytes: number
  readonly #memberEnd = new MemberEnd()
  #memberStart = 0
  #memberSeen = false
  /** Place of the next byte that no inflater has taken. */
  #position = 0
  #lastByte = LINE_FEED
  /** Absent where a member is looked for. */
  #inflater: Inflater | undefined
  /** What all members have become so far. */
  inflatedBytes = 0

  /** @param options `readAgain` gives compressed bytes once more, where that is possible. */
  constructor(report: GunzipReport, { readAgain, inflatedBytes }: GzipReaderOptions) {
    this.#report = report
    this.#readAgain = readAgain
    this.#chunkBytes = inflatedBytes
  }

  /**
   * Yields what is in some more bytes.
   *
   * @returns Bytes at the end that mean nothing before others have come: they
   * are to be given once more, in front of those.
   */
  async *read(bytes: Buffer, isLast: boolean): AsyncGenerator<Uint8Array, Buffer, undefined> {
    while (bytes.length > 0) {
      const start = findMember(bytes)
      if (start === 0 && bytes.length < ENOUGH_BYTES && !isLast) return bytes
      if (this.#inflater === undefined) {
        if (start > 0) this.#lose(bytes.subarray(0, start))
        bytes = bytes.subarray(start)
        if (bytes.length > 0) yield* this.#beginInflating()
        continue
      }
      if (start === 0) {
        if (this.#memberEnd.isHere) {
          this.#beginMember()
        } else if (await isMember(bytes)) {
          this.#stop('corrupt')
          continue
        }
      }
      const stretch = bytes.subarray(0, findMember(bytes, 1))
      const taken = await this.#inflater.write(stretch)
      this.#position += taken
      this.#memberEnd.take(stretch.subarray(0, taken))
      bytes = bytes.subarray(taken)
      yield* this.#takeFrom(this.#inflater)
      if (taken < stretch.length) this.#stop(this.#inflater.isPadded() ? 'whole' : 'corrupt')
    }
    return bytes
  }

  /** Yields what is left. */
  async *end(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#inflater === undefined) return
    const isWhole = await this.#inflater.end()
    yield* this.#takeFrom(this.#inflater)
    if (!isWhole && this.#report.end === 'whole') this.#report.end = 'torn'
  }

  close(): void {
    this.#inflater?.close()
  }

  *#beginInflating(): Generator<Uint8Array> {
    this.#beginMember()
    const readAgain = this.#readAgain
    this.#inflater = readAgain
      ? createQuickInflater(() => readAgain({ from: this.#memberStart, to: this.#position }), this.#chunkBytes)
      : createInflater()
    if (this.#lastByte !== LINE_FEED) yield Buffer.of((this.#lastByte = LINE_FEED))
  }

  #beginMember(): void {
    this.#memberStart = this.#position
    this.#memberSeen = true
    this.#memberEnd.begin()
  }

  *#takeFrom(inflater: Inflater): Generator<Uint8Array> {
    for (const piece of inflater.take()) {
      this.#memberEnd.give(piece)
      this.inflatedBytes += piece.length
      this.#lastByte = piece.at(-1) ?? this.#lastByte
      yield piece
    }
  }

  /** @param end How the member ended. */
  #stop(end: 'whole' | 'corrupt'): void {
    if (end === 'corrupt') this.#report.end = end
    this.#inflater?.close()
    this.#inflater = undefined
  }

  #lose(bytes: Uint8Array): void {
    this.#position += bytes.length
    // Zeros after a member are padding, as they are for gzip.
    if (this.#memberSeen && bytes.every((byte) => byte === 0)) return
    this.#report.end = 'corrupt'
    this.#report.lostBytes += bytes.length
  }
}

/**
 * Whether a member begins here, be it in the middle of another one. One that
 * was cut takes those which follow for its own data: often a whole member,
 * because data of one kind are compressed in nearly one way, and what comes of
 * it are rows that nobody wrote. So each header is looked at before its member
 * is read.
 */
export async function isMember(bytes: Buffer): Promise<boolean> {
  const beginning = bytes.subarray(0, Math.min(ENOUGH_BYTES, findMember(bytes, 1)))
  return beginning.length >= SMALLEST_MEMBER_BYTES && (await canInflate(beginning))
}
