// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../call-hash.ts'
import { identityText, requestNumber, requestText, rowKind, toolNumber, toolText } from '../columns.ts'
import type { RowColumns } from './row-columns.ts'

/** Two odd multipliers that mix well and not alike, so that two hashes of 32 bits are as good as one of 64. */
const LOW_MULTIPLIER = 0x9e3779b1
const HIGH_MULTIPLIER = 0x85ebca6b

const WORD_BYTES = 4

/** Stands for a text that a row does not have: no text is that long. */
const NO_TEXT = -1

/** The halves of a double, which cannot be mixed as it is. */
const double = new Float64Array(1)
const doubleWords = new Int32Array(double.buffer)

/** Takes the hashes of rows from what stands in their columns, whoever put it there. */
export class RowHasher {
  readonly #call = new CallHash()
  #low = 0
  #high = 0

  /** Hashes the row that is filled at the moment. */
  hash(columns: RowColumns): void {
    const { count } = columns
    const kind = columns.kinds[count] ?? 0
    this.#low = LOW_MULTIPLIER
    this.#high = HIGH_MULTIPLIER
    this.#mixText(columns, identityText.sessionId)
    this.#mixText(columns, identityText.trajectoryId)
    // 0 is for rows without identity.
    const hasIdentity = columns.hasText(identityText.trajectoryId)
    columns.identityHashes[count * 2] = hasIdentity ? finish(this.#low) || 1 : 0
    columns.identityHashes[count * 2 + 1] = hasIdentity ? finish(this.#high) : 0

    this.#mix(kind)
    this.#mixNumber(columns, requestNumber.eventTimeMs)
    if (kind === rowKind.request) {
      this.#mixText(columns, requestText.requestId)
    } else {
      this.#mixNumber(columns, toolNumber.startedAtMs)
      this.#mixNumber(columns, toolNumber.endedAtMs)
      this.#mixText(columns, toolText.toolCallId)
      const { view } = columns.text
      columns.addCall(this.#call.ofBytes(view, columns.textStart(toolText.toolCallId), columns.textLength(toolText.toolCallId)))
    }
    columns.fingerprints[count * 2] = finish(this.#low)
    columns.fingerprints[count * 2 + 1] = finish(this.#high)
  }

  #mix(word: number): void {
    this.#low = mix(this.#low, word, LOW_MULTIPLIER)
    this.#high = mix(this.#high, word, HIGH_MULTIPLIER)
  }

  #mixNumber(columns: RowColumns, column: number): void {
    double[0] = columns.number(column)
    this.#mix(doubleWords[0] ?? 0)
    this.#mix(doubleWords[1] ?? 0)
  }

  #mixText(columns: RowColumns, column: number): void {
    if (!columns.hasText(column)) {
      this.#mix(NO_TEXT)
      return
    }
    const { bytes, view } = columns.text
    const start = columns.textStart(column)
    const length = columns.textLength(column)
    const end = start + length
    // The length tells where one text ends and the next begins.
    let low = mix(this.#low, length, LOW_MULTIPLIER)
    let high = mix(this.#high, length, HIGH_MULTIPLIER)
    let at = start
    for (; at + WORD_BYTES <= end; at += WORD_BYTES) {
      const word = view.getInt32(at, true)
      low = mix(low, word, LOW_MULTIPLIER)
      high = mix(high, word, HIGH_MULTIPLIER)
    }
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      low = mix(low, byte, LOW_MULTIPLIER)
      high = mix(high, byte, HIGH_MULTIPLIER)
    }
    this.#low = low
    this.#high = high
  }
}

/** Multiplication takes each bit to higher ones, rotation to lower ones. */
function mix(hash: number, word: number, multiplier: number): number {
  const mixed = Math.imul(hash ^ word, multiplier)
  return (mixed << 13) | (mixed >>> 19)
}

/** Lets every bit depend on every other one: the finalizer of murmur3. */
function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
