// SPDX-License-Identifier: Apache-2.0
import { requestNumber, requestText, rowFlag, rowKind, toolText } from '../columns.ts'
import {
  contextFields,
  eventFields,
  fieldType,
  replayFields,
  requestFields,
  rowFields,
  toolFields,
  workerFields,
  type Field,
  type FieldType,
  type KnownFields,
} from './fields.ts'
import { eventSources, eventTypes, finals, findValue, schemas } from './known-values.ts'
import { isPayloadType } from './payload.ts'
import type { FinishShapes } from './finish-shapes.ts'
import { readNumber } from './read-number.ts'
import { readHashes, readText, readU64 } from './read-text.ts'
import type { RowColumns } from './row-columns.ts'
import { settleIdentity } from './settle-identity.ts'
import { skipMember, skipValue } from './skip-value.ts'
import { patternOf, UNUSUAL } from './text.ts'

/** The line is a payload row, of which no more than its type was read. */
export const PAYLOAD = -2

const LINE_FEED = 0x0a
const SPACE = 0x20
const COMMA = 0x2c
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

// Constants of this module, see text.ts.
const { event, context, eventSource, eventType, final, finish, hashes, ignored, number, request, schema } = fieldType
const { text: string, tool, u64, worker } = fieldType

const anyValue = { exactIntegers: false }
const nullText = patternOf('null')

const eventBit = rowFields.bitsOf('event')
const envelopeBits = rowFields.bitsOf('timestamp', 'event')

/**
 * Reads a row as Dynamo writes it from its bytes into columns, without making
 * a string or an object: several times faster than JSON.parse. What it reads
 * is what core's parseTraceLine reads; whatever is not as expected, damaged or
 * just rare, it leaves to that.
 *
 * Each line has to end with a line feed. Every loop over bytes stops at one,
 * so that none has to look for the end of the block.
 */
export class RowReader {
  readonly columns: RowColumns
  readonly #finishes: FinishShapes
  /** Where the row begins. */
  #start = 0
  /** Bits of the fields of the object that was read last. */
  #seen = 0
  /** A RowKind, 0 while it is not known. */
  #kind = 0
  #flags = 0
  #hasSchema = false
  #hasRequest = false
  #hasTool = false

  constructor(columns: RowColumns, finishes: FinishShapes) {
    this.columns = columns
    this.#finishes = finishes
  }

  /**
   * Reads a line into the row of the columns that is filled at the moment.
   *
   * @returns The place behind the line feed; UNUSUAL where the line is left to
   * core's parser, and the row perhaps filled in part; PAYLOAD.
   */
  read(start: number): number {
    const columns = this.columns
    const { text } = columns
    const { bytes } = text
    const brace = text.skipBlanks(start)
    if (bytes[brace] !== OPENING_BRACE) return UNUSUAL
    this.#start = start
    this.#kind = 0
    this.#flags = 0
    this.#hasSchema = false
    this.#hasRequest = false
    this.#hasTool = false
    let at = this.#readObject(brace, rowFields)
    if (at < 0) return at
    at = text.skipBlanks(at)
    if (bytes[at] !== LINE_FEED || !this.#isComplete()) return UNUSUAL
    columns.kinds[columns.count] = this.#kind
    columns.flags[columns.count] = this.#flags
    return at + 1
  }

  /** Whether the row has what a record needs, and nothing twice. */
  #isComplete(): boolean {
    const columns = this.columns
    const isBesideEvent = (this.#seen & eventBit) !== 0 && (this.#seen & ~envelopeBits) !== 0
    if (isBesideEvent || !this.#hasSchema || !columns.hasNumber(requestNumber.eventTimeMs)) return false
    if (this.#kind === rowKind.request) {
      return this.#hasRequest && !this.#hasTool && columns.hasText(requestText.requestId)
    }
    return (
      this.#kind !== 0 &&
      this.#hasTool &&
      !this.#hasRequest &&
      columns.hasText(toolText.toolCallId) &&
      columns.hasText(toolText.toolClass)
    )
  }

  /** Blanks are expected where JSON is written with some: behind colons and commas. */
  #readObject(start: number, known: KnownFields): number {
    const columns = this.columns
    const { text } = columns
    const { bytes } = text
    let at = start + 1
    let seen = 0
    let expected = 0
    if (bytes[at] === CLOSING_BRACE) {
      this.#seen = 0
      return at + 1
    }
    for (;;) {
      const field = known.find(text, at, expected)
      if (field === undefined) {
        at = skipMember(text, at, anyValue)
      } else {
        const { key, type, column, index, bit } = field
        if ((seen & bit) !== 0) return UNUSUAL
        seen |= bit
        expected = index + 1
        let value = at + key.length
        if ((bytes[value] ?? 0) <= SPACE) value = text.skipBlanks(value)
        // Almost all fields are of these two types.
        if (type === number) at = readNumber(columns, value, column)
        else if (type === string) at = readText(columns, value, column)
        else at = this.#readOther(value, field)
        // What is null is absent, whatever it should have been.
        if (at === UNUSUAL && text.matches(value, nullText)) at = value + nullText.length
      }
      if (at < 0) return at
      const byte = bytes[at]
      at++
      if (byte === CLOSING_BRACE) break
      if (byte !== COMMA) return UNUSUAL
      if ((bytes[at] ?? 0) <= SPACE) at = text.skipBlanks(at)
    }
    this.#seen = seen
    return at
  }

  #readOther(at: number, { type, column }: Field): number {
    const columns = this.columns
    const { text } = columns
    const { bytes } = text
    switch (type) {
      case u64:
        return readU64(columns, at, column)
      case hashes:
        return readHashes(columns, at)
      case finish:
        return bytes[at] === OPENING_BRACE ? this.#finishes.read(columns, at) : UNUSUAL
      case ignored:
        return skipValue(text, at, anyValue)
      case final:
      case schema:
      case eventType:
      case eventSource:
        return this.#readKnownValue(at, type)
      default:
        return bytes[at] === OPENING_BRACE ? this.#readMember(at, type) : UNUSUAL
    }
  }

  #readKnownValue(at: number, type: FieldType): number {
    const { text } = this.columns
    switch (type) {
      case schema: {
        const value = findValue(text, at, schemas)
        if (value === undefined) return UNUSUAL
        this.#hasSchema = true
        this.#flags |= value.meaning
        return at + value.pattern.length
      }
      case eventType: {
        const value = findValue(text, at, eventTypes)
        if (value === undefined) return isPayloadType(text, at, this.#start) ? PAYLOAD : UNUSUAL
        this.#kind = value.meaning
        return at + value.pattern.length
      }
      default: {
        const value = findValue(text, at, type === final ? finals : eventSources)
        if (value === undefined) return UNUSUAL
        this.#flags |= value.meaning
        return at + value.pattern.length
      }
    }
  }

  #readMember(at: number, type: FieldType): number {
    switch (type) {
      case event:
        return this.#readObject(at, eventFields)
      case context:
        return this.#readContext(at)
      case request:
        this.#hasRequest = true
        return this.#readObject(at, requestFields)
      case tool:
        this.#hasTool = true
        return this.#readObject(at, toolFields)
      case worker:
        this.#flags |= rowFlag.hasWorker
        return this.#readObject(at, workerFields)
      default:
        return this.#readReplay(at)
    }
  }

  #readContext(at: number): number {
    const end = this.#readObject(at, contextFields)
    return end < 0 || settleIdentity(this.columns, this.#seen) ? end : UNUSUAL
  }

  #readReplay(at: number): number {
    const end = this.#readObject(at, replayFields)
    if (end < 0) return end
    const columns = this.columns
    const isWhole =
      columns.hasNumber(requestNumber.replayBlockSize) && columns.hasNumber(requestNumber.replayInputTokens)
    this.#flags |= rowFlag.hasReplay
    return isWhole ? end : UNUSUAL
  }
}
