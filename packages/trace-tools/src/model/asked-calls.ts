// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../read/columns.ts'
import { textLength, textOf, textStart, type RowReference } from '../read/row-batch.ts'

/** The tool calls that a request asked for. */
export interface AskedCalls {
  readonly requestId: string
  readonly startMs: number
  /** When the request ended, and the calls could begin. */
  readonly endMs: number
  readonly calls: readonly FinishedCall[]
  /** The request that began next, as far as is known. */
  next?: { readonly requestId: string; readonly startMs: number }
}

export interface FinishedCall {
  readonly id: string | undefined
  readonly name: string | undefined
  readonly choiceIndex: number
  readonly toolCallIndex: number
  /** Edges to trajectories that began during the call. */
  readonly spawns: number[]
  /** Its end was read after all. */
  isReported: boolean
}

/**
 * Reads `finish_reason_metadata` as far as Dynamo's own way to write it goes,
 * byte by byte: the text is decoded only where that tells something new.
 */
class FinishCursor {
  #bytes: Uint8Array = new Uint8Array()
  #at = 0
  #end = 0
  /** Where the id of the call stands that was gone over last. */
  idStart = 0
  idEnd = 0

  /** Goes to the tool calls; false where there are none that stand where Dynamo puts them. */
  enter(row: RowReference): boolean {
    this.#bytes = row.batch.bytes
    this.#at = textStart(row, requestText.finish)
    this.#end = this.#at + textLength(row, requestText.finish)
    for (; this.#at < this.#end; this.#at++) {
      if (this.#bytes[this.#at] === QUOTE && this.#skips(CALLS)) return true
    }
    return false
  }

  /** @returns Whether the next call is the last one; undefined where it is not as Dynamo writes it. */
  next(): boolean | undefined {
    if (!this.#skips(CHOICE) || !this.#skipsDigits() || !this.#skips(INDEX) || !this.#skipsDigits()) return undefined
    if (!this.#skips(ID)) return undefined
    this.idStart = this.#at
    if (!this.#skipsText()) return undefined
    this.idEnd = this.#at - 1
    if (!this.#skips(NAME) || !this.#skipsText() || this.#bytes[this.#at] !== BRACE) return undefined
    const after = this.#bytes[this.#at + 1]
    this.#at += 2
    if (after === BRACKET) return true
    return after === COMMA ? false : undefined
  }

  #skips(literal: Uint8Array): boolean {
    for (let index = 0; index < literal.length; index++) {
      if (this.#bytes[this.#at + index] !== literal[index]) return false
    }
    this.#at += literal.length
    return true
  }

  #skipsDigits(): boolean {
    const start = this.#at
    while (((this.#bytes[this.#at] ?? 0) - ZERO) >>> 0 <= 9) this.#at++
    return this.#at > start
  }

  /** Goes behind the quote that ends a text without escapes. */
  #skipsText(): boolean {
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at++]
      if (byte === QUOTE) return true
      if (byte === BACKSLASH) return false
    }
    return false
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const ZERO = 0x30
const BRACE = 0x7d
const BRACKET = 0x5d
const CALLS = Buffer.from('"tool_calls":[')
const CHOICE = Buffer.from('{"choice_index":')
const INDEX = Buffer.from(',"tool_call_index":')
const ID = Buffer.from(',"id":"')
const NAME = Buffer.from(',"name":"')

const cursor = new FinishCursor()

/** Told where the id of a call stands. */
type IsReported = (bytes: Uint8Array, start: number, end: number) => boolean

/**
 * The calls that a request's row names and nobody reported; undefined where
 * there are none. Mostly all are reported, and nothing has to be decoded.
 */
export function readAskedCalls(row: RowReference, isReported: IsReported): readonly FinishedCall[] | undefined {
  if (textStart(row, requestText.finish) === 0) return undefined
  if (cursor.enter(row) && areAllReported(row, isReported)) return undefined
  const finish = textOf(row, requestText.finish)
  return finish?.includes('"tool_calls"') === true ? parseCalls(finish) : undefined
}

/** Whether the calls are as Dynamo writes them, and all of them reported. */
function areAllReported({ batch: { bytes } }: RowReference, isReported: IsReported): boolean {
  for (;;) {
    const isLast = cursor.next()
    if (isLast === undefined || !isReported(bytes, cursor.idStart, cursor.idEnd)) return false
    if (isLast) return true
  }
}

function parseCalls(finish: string): FinishedCall[] | undefined {
  const { tool_calls: calls } = JSON.parse(finish) as { readonly tool_calls?: unknown }
  if (!Array.isArray(calls)) return undefined
  const asked = calls.filter(isFields).map((call): FinishedCall => ({
    id: typeof call.id === 'string' ? call.id : undefined,
    name: typeof call.name === 'string' ? call.name : undefined,
    choiceIndex: readIndex(call.choice_index),
    toolCallIndex: readIndex(call.tool_call_index),
    spawns: [],
    isReported: false,
  }))
  return asked.length > 0 ? asked : undefined
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readIndex(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
