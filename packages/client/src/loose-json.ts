// SPDX-License-Identifier: Apache-2.0
import { parseExactJson } from '@dynamo-agent/core'

/** Loose reading of answers: what is not as expected counts as absent, and nothing throws. */

export type Fields = Readonly<Record<string, unknown>>

/** What the text holds, with integers beyond 2^53 as bigints; undefined when it is no JSON. */
export function parseLoosely(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return undefined
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of an object, and none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Undefined for a number that a double has rounded: a wrong id is worse than none. */
export function readU64(value: unknown): bigint | undefined {
  const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value
  return typeof integer === 'bigint' && BigInt.asUintN(64, integer) === integer ? integer : undefined
}

/** An object without the keys whose value is undefined, so that "absent" has one form. */
export function compact<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const compacted: { -readonly [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const key in fields) {
    const value = fields[key]
    if (value !== undefined) compacted[key] = value as Exclude<T[typeof key], undefined>
  }
  return compacted
}
