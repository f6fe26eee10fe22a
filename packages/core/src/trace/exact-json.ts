// SPDX-License-Identifier: Apache-2.0

/** The shortest integers that a double cannot hold have 16 digits. */
const LONG_NUMBER = /\d{16}/

/**
 * JSON.parse that keeps every integer: one that a double cannot hold comes
 * back as a bigint. Several times slower than JSON.parse on a text with a run
 * of 16 digits or more, as fast on any other; for rows of traces there is
 * parseTraceLine.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as unknown
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const source = context?.source
    return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value
  }
  return JSON.parse(text, reviver) as unknown
}

const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown }

/** JSON.stringify that writes a bigint as a bare integer, as Dynamo does with u64. */
export function stringifyExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? rawJSON(String(item)) : item))
}
