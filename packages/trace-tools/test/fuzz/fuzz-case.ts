// SPDX-License-Identifier: Apache-2.0
import type { Random } from '../../bench/generator/random.ts'

/** A damaged trace and what must be left of it. */
export interface FuzzCase {
  readonly bytes: Uint8Array
  /** The lines that no damage has touched: the row of each must be found. */
  readonly intact: readonly string[]
}

/** A kind of damage. All in it comes from the random numbers, so that a case can be made again. */
export type Damage = (random: Random, lines: readonly string[]) => FuzzCase

/** Lines as a file has them. */
export function joinLines(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

/** Bytes of any value. */
export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)))
}

/** Changes bytes in place; also in a way that only one bit is another. @returns Where. */
export function flipBytes(random: Random, bytes: Uint8Array, count: number): number[] {
  const places = Array.from({ length: count }, () => random.between(0, bytes.length - 1))
  for (const at of places) {
    bytes[at] = random.chance(0.5) ? random.between(0, 255) : (bytes[at] ?? 0) ^ (1 << random.between(0, 7))
  }
  return places
}

/** A random place in a list, or 0. */
export function pickIndex(random: Random, list: { readonly length: number }): number {
  return random.between(0, Math.max(0, list.length - 1))
}

/** The items in any order. */
export function shuffle<Item>(random: Random, items: readonly Item[]): Item[] {
  const rest = [...items]
  return items.flatMap(() => rest.splice(pickIndex(random, rest), 1))
}
