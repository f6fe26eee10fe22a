// SPDX-License-Identifier: Apache-2.0

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

/**
 * Goes over the tool calls of a `finish_reason_metadata`, as far as they are
 * written Dynamo's own way.
 */
export class FinishCursor {
  #bytes: Uint8Array = new Uint8Array()
  #at = 0
  #end = 0
  /** What was read of the call that was gone over last. */
  choiceIndex = 0
  toolCallIndex = 0
  idStart = 0
  idEnd = 0
  nameStart = 0
  nameEnd = 0

  /** Goes to the tool calls; false where there are none that stand where Dynamo puts them. */
  enter(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes
    this.#end = end
    for (this.#at = start; this.#at < end; this.#at++) {
      if (bytes[this.#at] === QUOTE && this.#skips(CALLS)) return true
    }
    return false
  }

  /** @returns Whether the next call is the last one; undefined where it is not as Dynamo writes it. */
  next(): boolean | undefined {
    if (!this.#skips(CHOICE)) return undefined
    this.choiceIndex = this.#readDigits()
    if (!this.#skips(INDEX)) return undefined
    this.toolCallIndex = this.#readDigits()
    if (!this.#skips(ID)) return undefined
    this.idStart = this.#at
    if (!this.#skipsText()) return undefined
    this.idEnd = this.#at - 1
    if (!this.#skips(NAME)) return undefined
    this.nameStart = this.#at
    if (!this.#skipsText() || this.#bytes[this.#at] !== BRACE) return undefined
    this.nameEnd = this.#at - 1
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

  /** What is no number is no JSON, so there are digits. */
  #readDigits(): number {
    let value = 0
    for (let digit = this.#digit(); digit >= 0 && digit <= 9; digit = this.#digit()) {
      value = value * 10 + digit
      this.#at++
    }
    return value
  }

  #digit(): number {
    return (this.#bytes[this.#at] ?? 0) - ZERO
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
