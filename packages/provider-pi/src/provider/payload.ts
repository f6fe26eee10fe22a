// SPDX-License-Identifier: Apache-2.0
import type { RequestIdentity } from '@dynamo-agent/core'

type Fields = Readonly<Record<string, unknown>>

/** Puts identity and hints into a request body; what the body says already stays. */
export function addNvext(payload: unknown, nvext: RequestIdentity['nvext']): unknown {
  if (nvext === undefined || !isFields(payload)) return payload
  const existing = isFields(payload.nvext) ? payload.nvext : {}
  const hints = { ...nvext.agent_hints, ...(isFields(existing.agent_hints) && existing.agent_hints) }
  return {
    ...payload,
    nvext: { ...nvext, ...existing, ...(Object.keys(hints).length > 0 && { agent_hints: hints }) },
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
