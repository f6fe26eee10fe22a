// SPDX-License-Identifier: Apache-2.0
import { constant } from './constant.ts'
import { JsonBuffer } from './json-buffer.ts'

const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const LINE_FEED = 0x0a

const step = constant('  ')

/**
 * Indents JSON while it passes, byte by byte: nothing is parsed, so numbers
 * stay as exact as they were, and the text may be of any length.
 */
export function createIndenter(emit: (piece: Uint8Array) => void): (piece: Uint8Array) => void {
  let depth = 0
  let inString = false
  let isEscaped = false
  /** An object or array was opened, and may be empty. */
  let isOpen = false

  function breakLine(buffer: JsonBuffer): void {
    buffer.byte(LINE_FEED)
    for (let level = 0; level < depth; level++) buffer.raw(step)
  }

  function put(buffer: JsonBuffer, byte: number): void {
    if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
      depth--
      if (!isOpen) breakLine(buffer)
    } else if (isOpen) {
      breakLine(buffer)
    }
    isOpen = byte === OPENING_BRACE || byte === OPENING_BRACKET
    buffer.byte(byte)
    if (isOpen) depth++
    else if (byte === COMMA || depth === 0) breakLine(buffer)
    else if (byte === COLON) buffer.byte(SPACE)
    else if (byte === QUOTE) inString = true
  }

  return (piece) => {
    const buffer = new JsonBuffer()
    buffer.begin(Buffer.allocUnsafeSlow(piece.length * 2))
    for (const byte of piece) {
      if (inString) {
        buffer.byte(byte)
        inString = isEscaped || byte !== QUOTE
        isEscaped = !isEscaped && byte === BACKSLASH
      } else if (byte > SPACE) {
        put(buffer, byte)
      }
    }
    emit(buffer.bytes.subarray(0, buffer.length))
  }
}
