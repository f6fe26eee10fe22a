// SPDX-License-Identifier: Apache-2.0

/**
 * Where serde_json, Dynamo's JSON reader, sees a fault. Bodies are read with
 * JSON.parse; this second reading happens only for a body that is refused or
 * looks suspicious, to tell its author the place in the words that Dynamo
 * would use.
 */
export interface JsonFault extends TextPosition {
  readonly message: string
  /** What was being read: list items by their index, `?` for a member whose key was not read. */
  readonly path: readonly string[]
  /** How much of the text had been read, the wrong character included. */
  readonly length: number
}

/** Both count from 1. */
export interface TextPosition {
  readonly line: number
  /** In bytes, as serde_json counts. */
  readonly column: number
}

/** A place inside a document: just after a key, just after a value. */
export interface JsonPlace {
  readonly path: readonly string[]
  readonly after: 'key' | 'value'
}

/** The fault of a text that JSON.parse refused; undefined when serde_json would take it. */
export function findSyntaxFault(text: string): JsonFault | undefined {
  try {
    readDocument(text, () => undefined)
  } catch (fault) {
    if (fault instanceof SyntaxFault)
      return { message: fault.message, path: fault.path, length: fault.index, ...position(text, fault.index) }
    throw fault
  }
  return undefined
}

/** Line and column of a place in a text that is JSON, the first of that path; of its end when there is none. */
export function findPosition(text: string, place: JsonPlace): TextPosition {
  let found: number | undefined
  const wanted = JSON.stringify(place.path)
  readDocument(text, (path, after, index) => {
    if (after === place.after && path.length === place.path.length && JSON.stringify(path) === wanted) found ??= index
  })
  return position(text, found ?? text.trimEnd().length)
}

/** Tells each key of a text that is JSON, and where it ends. */
export function visitKeys(text: string, visit: (path: readonly string[], place: () => TextPosition) => void): void {
  readDocument(text, (path, after, index) => {
    if (after === 'key') visit(path, () => position(text, index))
  })
}

function position(text: string, index: number): TextPosition {
  const before = text.slice(0, index)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: Buffer.byteLength(before.slice(lineStart)) }
}

class SyntaxFault extends Error {
  readonly index: number
  readonly path: readonly string[]

  constructor(message: string, place: { readonly index: number; readonly path: readonly string[] }) {
    super(message)
    this.index = place.index
    this.path = place.path
  }
}

type Visit = (path: readonly string[], after: JsonPlace['after'], index: number) => void

/** Objects and lists inside each other that serde_json reads, which also keeps this recursion bounded. */
export const MAX_DEPTH = 127

/** What follows a document is a fault of its own, which not everybody minds. */
export const TRAILING = 'trailing characters'

function readDocument(text: string, visit: Visit): void {
  const path: string[] = []
  let index = 0
  readValue()
  if (next() !== undefined) throw fault(TRAILING)

  function readValue(): void {
    switch (next()) {
      case undefined:
        throw fault('EOF while parsing a value')
      case '{':
      case '[':
        if (path.length >= MAX_DEPTH) throw fault('recursion limit exceeded')
        if (next() === '{') readObject()
        else readArray()
        break
      case '"':
        readString()
        break
      default:
        readWord()
    }
    visit(path, 'value', index)
  }

  function readObject(): void {
    index++
    for (let first = true; next() !== '}'; first = false) {
      if (path.length > 0) path.push('?')
      if (!first) readSeparator('}', 'an object')
      if (next() === undefined) throw fault('EOF while parsing an object')
      if (next() !== '"') throw fault(next() === '}' ? 'trailing comma' : 'key must be a string')
      const key = readString()
      if (path.length > 0) path.pop()
      path.push(key)
      visit(path, 'key', index)
      if (next() === undefined) throw fault('EOF while parsing an object')
      if (next() !== ':') throw fault('expected `:`')
      index++
      readValue()
      path.pop()
    }
    index++
  }

  function readArray(): void {
    index++
    for (let item = 0; next() !== ']'; item++) {
      if (item > 0) readSeparator(']', 'a list')
      if (item > 0 && next() === ']') throw fault('trailing comma')
      if (next() === undefined) throw fault('EOF while parsing a list')
      path.push(String(item))
      readValue()
      path.pop()
    }
    index++
  }

  function readSeparator(close: string, what: string): void {
    const character = next()
    if (character === undefined) throw fault(`EOF while parsing ${what}`)
    if (character !== ',') throw fault(`expected \`,\` or \`${close}\``)
    index++
  }

  function readString(): string {
    const start = index++
    for (; text[index] !== '"'; index++) {
      const character = text[index]
      if (character === undefined) throw fault('EOF while parsing a string')
      if (character < ' ') throw fault('control character (\\u0000-\\u001F) found while parsing a string')
      if (character === '\\') readEscape()
    }
    index++
    return JSON.parse(text.slice(start, index)) as string
  }

  /**
   * From the backslash to the last character. Half of a surrogate pair, which
   * JSON.parse takes, is no text to serde_json.
   */
  function readEscape(): void {
    const unit = readUnit()
    if (isTrail(unit)) throw fault('lone leading surrogate in hex escape')
    if (!isLead(unit)) return
    for (const expected of '\\u') {
      index++
      if (text[index] === undefined) throw fault('EOF while parsing a string')
      if (text[index] !== expected) throw fault('unexpected end of hex escape')
    }
    index--
    if (!isTrail(readUnit())) throw fault('lone leading surrogate in hex escape')
  }

  /** @returns The code unit that an escape spells out in hex, 0 for the others. */
  function readUnit(): number {
    const [escape, hex = '0'] = escapePattern.exec(text.slice(index, index + 6)) ?? []
    index += escape === undefined ? 1 : escape.length - 1
    if (escape === undefined) throw fault('invalid escape')
    return Number.parseInt(hex, 16)
  }

  function readWord(): void {
    const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
      text.slice(index, index + 400),
    )?.[0]
    if (word !== undefined) {
      index += word.length
      return
    }
    if (/[-\d]/.test(text[index] ?? '')) throw fault('invalid number')
    const ident = ['true', 'false', 'null'].find((name) => name.startsWith(text.charAt(index)))
    if (ident === undefined) throw fault('expected value')
    for (let at = 0; text[index] === ident[at]; at++) index++
    throw fault(index < text.length ? 'expected ident' : 'EOF while parsing a value')
  }

  /** The next character that is no white space. */
  function next(): string | undefined {
    while (index < text.length && ' \n\r\t'.includes(text.charAt(index))) index++
    return text[index]
  }

  /** At the character that is wrong, or at the end. */
  function fault(message: string): SyntaxFault {
    return new SyntaxFault(message, { index: Math.min(index + 1, text.length), path: [...path] })
  }
}

const escapePattern = /^\\(?:["\\/bfnrt]|u([0-9a-fA-F]{4}))/

function isLead(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isTrail(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
