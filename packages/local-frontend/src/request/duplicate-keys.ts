// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from './json-body.ts'
import { visitKeys, type TextPosition } from './json-text.ts'

/** A key that stands twice in one object. */
export interface DuplicateKey {
  readonly path: readonly string[]
  /** Where the second one ends. */
  readonly position: () => TextPosition
}

/** Top-level keys that mean another one. */
export type Aliases = ReadonlyMap<string, string>

export interface ParsedText {
  /** JSON. */
  readonly text: string
  /** What `JSON.parse` made of it. */
  readonly body: JsonBody
  /** Keys that this has, on all levels. */
  readonly keys: number
}

/**
 * The keys that stand twice, by their own names, in the order of the second
 * ones. `JSON.parse` takes the last one silently; Dynamo refuses where it reads
 * a struct.
 *
 * Only a text that has more keys than the value that was made of it is read
 * again: counting them takes about as long as `JSON.parse`, reading in
 * JavaScript ten times that.
 */
export function findDuplicateKeys({ text, body, keys }: ParsedText, aliases: Aliases): readonly DuplicateKey[] {
  const bothNames = [...aliases].some(([alias, key]) => Object.hasOwn(body, alias) && Object.hasOwn(body, key))
  if (!bothNames && countKeys(text) === keys) return []
  const seen = new Set<string>()
  const found: DuplicateKey[] = []
  visitKeys(text, (given, position) => {
    const [first = '', ...rest] = given
    const path = [aliases.get(first) ?? first, ...rest]
    const name = JSON.stringify(path)
    if (seen.has(name)) found.push({ path, position })
    seen.add(name)
  })
  return found
}

/** In JSON every quote outside of a text starts one, and a text before a colon is a key. */
function countKeys(text: string): number {
  let keys = 0
  for (let start = text.indexOf('"'); start !== -1; ) {
    let end = text.indexOf('"', start + 1)
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    let next = end + 1
    while (' \n\r\t'.includes(text[next] ?? '-')) next++
    if (text[next] === ':') keys++
    start = text.indexOf('"', next)
  }
  return keys
}

/** Whether the quote at `index` is part of a text, because an odd number of backslashes stands before it. */
function isEscaped(text: string, index: number): boolean {
  let start = index
  while (text[start - 1] === '\\') start--
  return (index - start) % 2 === 1
}
