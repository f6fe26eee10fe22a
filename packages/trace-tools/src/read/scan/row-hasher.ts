// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../call-hash.ts'
import { identityText, requestNumber, requestText, rowKind, toolNumber, toolText } from '../columns.ts'
import { WordHash } from '../word-hash.ts'
import type { RowColumns } from './row-columns.ts'

/** Stands for a text that a row does not have: no text is that long. */
const NO_TEXT = -1

/** The halves of a double, which cannot be mixed as it is. */
const double = new Float64Array(1)
const doubleWords = new Int32Array(double.buffer)

/** Takes the hashes of rows from what stands in their columns, whoever put it there. */
export class RowHasher {
  readonly #hash = new WordHash()
  readonly #call = new CallHash()

  /** Hashes the row that is filled at the moment. */
  hash(columns: RowColumns): void {
    const { count } = columns
    const kind = columns.kinds[count] ?? 0
    const hash = this.#hash
    hash.begin()
    this.#mixText(columns, identityText.sessionId)
    this.#mixText(columns, identityText.trajectoryId)
    // 0 is for rows without identity.
    const hasIdentity = columns.hasText(identityText.trajectoryId)
    columns.identityHashes[count * 2] = hasIdentity ? finish(hash.low) || 1 : 0
    columns.identityHashes[count * 2 + 1] = hasIdentity ? finish(hash.high) : 0

    hash.mix(kind)
    this.#mixNumber(columns, requestNumber.eventTimeMs)
    if (kind === rowKind.request) {
      this.#mixText(columns, requestText.requestId)
    } else {
      this.#mixNumber(columns, toolNumber.startedAtMs)
      this.#mixNumber(columns, toolNumber.endedAtMs)
      const { view } = columns.text
      const call = this.#call.ofBytes(view, columns.textStart(toolText.toolCallId), columns.textLength(toolText.toolCallId))
      columns.addCall(call)
      hash.mix(call.low)
      hash.mix(call.high)
    }
    columns.fingerprints[count * 2] = finish(hash.low)
    columns.fingerprints[count * 2 + 1] = finish(hash.high)
  }

  #mixNumber(columns: RowColumns, column: number): void {
    double[0] = columns.number(column)
    this.#hash.mix(doubleWords[0] ?? 0)
    this.#hash.mix(doubleWords[1] ?? 0)
  }

  #mixText(columns: RowColumns, column: number): void {
    if (!columns.hasText(column)) {
      this.#hash.mix(NO_TEXT)
      return
    }
    const length = columns.textLength(column)
    // The length tells where one text ends and the next begins.
    this.#hash.mix(length)
    this.#hash.mixBytes(columns.text.view, columns.textStart(column), length)
  }
}

/** Lets every bit depend on every other one: the finalizer of murmur3. */
function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
