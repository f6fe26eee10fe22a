// SPDX-License-Identifier: Apache-2.0

/**
 * JSON.parse that keeps every integer: one that a double cannot hold comes
 * back as a bigint. Several times slower than JSON.parse; the hot path uses
 * parseTraceLine instead.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
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
