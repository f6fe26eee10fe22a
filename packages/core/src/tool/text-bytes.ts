// SPDX-License-Identifier: Apache-2.0

/**
 * UTF-8 bytes of a tool result's text, in the form that MCP gave to results
 * and that Pi uses too: `{ content: [{ type: 'text', text }, …] }`. Images do
 * not count.
 */
export function textBytes(result: unknown): number {
  const content = isFields(result) && Array.isArray(result.content) ? (result.content as unknown[]) : []
  let bytes = 0
  for (const part of content) {
    if (isFields(part) && typeof part.text === 'string') bytes += Buffer.byteLength(part.text)
  }
  return bytes
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
