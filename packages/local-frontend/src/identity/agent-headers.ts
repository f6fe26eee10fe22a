// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'

const families = /^x-(?:claude-code|codex)-/
const names = new Set([
  'thread-id',
  'x-openai-subagent',
  'x-openai-memgen-request',
  'x-session-id',
  'x-parent-session-id',
])
const MAX_VALUES = 64
const MAX_VALUE_BYTES = 16 * 1024
const MAX_TOTAL_BYTES = 32 * 1024

/** The headers of known harnesses that rows of Dynamo 1.6 carry, in the order of their names, within its limits. */
export function captureAgentHeaders(request: IncomingMessage): {
  readonly agent_headers?: Readonly<Record<string, readonly string[]>>
} {
  const given = request.headersDistinct
  const isCaptured = (name: string) =>
    families.test(name) || names.has(name) || (name === 'session-id' && given['thread-id'] !== undefined)
  const captured: Record<string, string[]> = {}
  let values = 0
  let bytes = 0
  for (const name of Object.keys(given).filter(isCaptured).sort()) {
    for (const value of given[name] ?? []) {
      const fits = value.length <= MAX_VALUE_BYTES && bytes + value.length <= MAX_TOTAL_BYTES && values < MAX_VALUES
      if (!fits || !/^[\t\x20-\x7e]*$/.test(value)) continue
      values++
      bytes += value.length
      ;(captured[name] ??= []).push(value)
    }
  }
  return values > 0 ? { agent_headers: captured } : {}
}
