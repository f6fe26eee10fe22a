// SPDX-License-Identifier: Apache-2.0
import { appendKey, JsonFault, type JsonNode } from './json-nodes.ts'

/** Reads the members of one object; each reader throws JsonFault when a value is not what it must be. */
export interface JsonFields {
  /** The member, or undefined when it is absent. */
  get(key: string): JsonNode | undefined
  /** @throws JsonFault when it is absent. */
  need(key: string): JsonNode
}

/** Reads an object that may hold `keys` and nothing else. */
export function readFields(node: JsonNode, keys: readonly string[]): JsonFields {
  const { members } = node
  if (members === undefined) throw new JsonFault(node, 'must be an object')
  for (const [key, member] of members) {
    if (!keys.includes(key)) throw new JsonFault(member, `is not a known key; ${suggest(key, keys)}`)
  }
  return {
    get: (key) => members.get(key),
    need(key) {
      const member = members.get(key)
      if (member === undefined) throw new JsonFault({ path: appendKey(node.path, key), line: node.line }, 'is missing')
      return member
    },
  }
}

export function readString(node: JsonNode): string {
  if (typeof node.value !== 'string') throw new JsonFault(node, 'must be a string')
  return node.value
}

export function readName(node: JsonNode): string {
  const name = readString(node)
  if (name.trim() === '') throw new JsonFault(node, 'must not be empty')
  return name
}

export function readWholeNumber(node: JsonNode, least: number): number {
  const { value } = node
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new JsonFault(node, `must be a whole number, ${least} or more`)
}

export function readItems(node: JsonNode): readonly JsonNode[] {
  if (node.items === undefined) throw new JsonFault(node, 'must be an array')
  return node.items
}

export function readFilledItems(node: JsonNode): readonly JsonNode[] {
  const items = readItems(node)
  if (items.length === 0) throw new JsonFault(node, 'must not be empty')
  return items
}

export function readObject(node: JsonNode): Readonly<Record<string, unknown>> {
  if (node.members === undefined) throw new JsonFault(node, 'must be an object')
  return node.value as Readonly<Record<string, unknown>>
}

function suggest(key: string, keys: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '')
  const nearest = keys
    .map((candidate) => ({ candidate, distance: editDistance(plain(key), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)[0]
  if (nearest === undefined || nearest.distance > Math.max(2, key.length / 3)) return `known are ${keys.join(', ')}`
  return `did you mean ${nearest.candidate}?`
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
