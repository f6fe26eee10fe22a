// SPDX-License-Identifier: Apache-2.0
import { findSyntaxFault, MAX_DEPTH, type JsonFault } from './json-text.ts'
import { measureJson } from './measure-json.ts'

/** A text as serde_json reads it: its value and how many keys that has on all levels, or what is wrong with it. */
export type JsonResult = { readonly value: unknown; readonly keys: number } | { readonly fault: JsonFault }

/**
 * What may be half of a surrogate pair, which JSON.parse takes: a first half
 * without the second, a second without the first, and both behind a backslash
 * that is escaped itself, so that the first is none. Whole pairs are common,
 * because many clients escape all but ASCII, and must not cost a second reading.
 */
const loneSurrogate = new RegExp(
  [
    /\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])/,
    /(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]/,
    /\\\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F]/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

const unknownFault: JsonFault = { message: 'expected value', path: [], length: 1, line: 1, column: 1 }

/** Reads with JSON.parse, which is fast, and again only what that refuses or takes too easily. */
export function parseJson(text: string): JsonResult {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: findSyntaxFault(text) ?? unknownFault }
  }
  const { keys, depth } = measureJson(value)
  const fault = depth > MAX_DEPTH || loneSurrogate.test(text) ? findSyntaxFault(text) : undefined
  return fault === undefined ? { value, keys } : { fault }
}
