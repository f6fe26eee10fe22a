// SPDX-License-Identifier: Apache-2.0
import { parseExactJson } from '@dynamo-agent/core'

/** A JSON value that knows where it stands. */
export interface JsonNode {
  /** As in `conversations[0].turns[2].text`; empty at the root. */
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly value: unknown
  /** Of an object, in the order of the text. */
  readonly members?: ReadonlyMap<string, JsonNode>
  /** Of an array. */
  readonly items?: readonly JsonNode[]
}

/** What is wrong, and where. */
export class JsonFault extends Error {
  readonly path: string
  readonly line: number

  constructor(place: { readonly path: string; readonly line: number }, problem: string) {
    super(problem)
    this.path = place.path
    this.line = place.line
  }
}

/** Deeper nesting is refused, so that no text can exhaust the stack. */
const MAX_DEPTH = 200

const blanks = /[ \t\r\n]*/y
const bareScalars = /-?\d[\d.eE+-]*|[a-z]+/y

/**
 * JSON.parse that remembers lines and paths. Stricter in one point: a key that
 * an object holds twice is a fault. Integers beyond a double's reach come back
 * as bigints.
 *
 * @throws JsonFault
 */
export function parseJsonNodes(text: string): JsonNode {
  let offset = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1

  const skipBlanks = () => {
    blanks.lastIndex = offset
    blanks.test(text)
    for (; offset < blanks.lastIndex; offset++) if (text[offset] === '\n') line++
  }
  const take = (character: string): boolean => {
    skipBlanks()
    if (text[offset] !== character) return false
    offset++
    return true
  }
  const fail = (path: string, expected: string): never => {
    skipBlanks()
    const found = offset < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0)) : 'the end'
    throw new JsonFault({ path, line }, `expected ${expected}, found ${found}`)
  }
  const scalar = (path: string, expected: string): unknown => {
    skipBlanks()
    const source = scalarAt(text, offset)
    try {
      const value = parseExactJson(source)
      offset += source.length
      return value
    } catch {
      return fail(path, expected)
    }
  }
  const value = (path: string, depth: number): JsonNode => {
    skipBlanks()
    const place = { path, line }
    if (depth > MAX_DEPTH) throw new JsonFault(place, `is nested more than ${MAX_DEPTH} deep`)
    if (take('{')) return { ...place, ...members(path, depth) }
    if (take('[')) return { ...place, ...items(path, depth) }
    return { ...place, value: scalar(path, 'a value') }
  }
  const members = (path: string, depth: number) => {
    const nodes = new Map<string, JsonNode>()
    if (!take('}')) {
      do {
        skipBlanks()
        if (text[offset] !== '"') fail(path, 'a key in double quotes')
        const key = String(scalar(path, 'a key in double quotes'))
        const memberPath = appendKey(path, key)
        if (nodes.has(key)) throw new JsonFault({ path: memberPath, line }, 'stands here a second time')
        if (!take(':')) fail(memberPath, '":" after the key')
        nodes.set(key, value(memberPath, depth + 1))
      } while (take(','))
      if (!take('}')) fail(path, '"," or "}"')
    }
    return { members: nodes, value: Object.fromEntries([...nodes].map(([key, node]) => [key, node.value])) }
  }
  const items = (path: string, depth: number) => {
    const nodes: JsonNode[] = []
    if (!take(']')) {
      do nodes.push(value(`${path}[${nodes.length}]`, depth + 1))
      while (take(','))
      if (!take(']')) fail(path, '"," or "]"')
    }
    return { items: nodes, value: nodes.map((node) => node.value) }
  }

  const root = value('', 0)
  skipBlanks()
  if (offset < text.length) fail('', 'the end')
  return root
}

/** The text of the string, number or word that starts here: as much of it as JSON.parse needs to judge it. */
function scalarAt(text: string, start: number): string {
  if (text[start] !== '"') {
    bareScalars.lastIndex = start
    return bareScalars.exec(text)?.[0] ?? ''
  }
  let end = start + 1
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1
  return text.slice(start, end + 1)
}

/** The path of an object's member. */
export function appendKey(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
