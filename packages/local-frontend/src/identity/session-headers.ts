// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'
import { captureAgentHeaders } from './agent-headers.ts'

/** Identity as headers carry it to Dynamo 1.3 and later. */
export interface SessionIdentity {
  readonly session_id: string
  readonly parent_session_id?: string
  readonly session_final?: boolean
  /** Headers that harnesses send by themselves, as they came. */
  readonly agent_headers?: Readonly<Record<string, readonly string[]>>
}

interface HeaderNames {
  /** Without it the mapping does not apply. */
  readonly root: string
  /** Names the caller in place of the root. */
  readonly child?: string
  readonly parent?: string
}

/** Headers of Dynamo, then those that harnesses send by themselves; the first that applies counts (1.5 and later). */
const mappings: readonly HeaderNames[] = [
  { root: 'x-dynamo-session-id', parent: 'x-dynamo-parent-session-id' },
  { root: 'x-claude-code-session-id', child: 'x-claude-code-agent-id', parent: 'x-claude-code-parent-agent-id' },
  { root: 'thread-id', parent: 'x-codex-parent-thread-id' },
  { root: 'x-session-id', parent: 'x-parent-session-id' },
]

/** @returns undefined when no root header is there; a parent or a final mark alone says nothing. */
export function readSessionHeaders(request: IncomingMessage): SessionIdentity | undefined {
  for (const names of mappings) {
    const root = readHeader(request, names.root)
    if (root === undefined) continue
    const session = (names.child && readHeader(request, names.child)) ?? root
    const parent = (names.parent && readHeader(request, names.parent)) ?? (session === root ? undefined : root)
    const final = readFinal(request)
    return {
      session_id: session,
      // From 1.5 on a parent that is the session itself is dropped (measured).
      ...(parent !== undefined && parent !== session && { parent_session_id: parent }),
      ...(final !== undefined && { session_final: final }),
      ...captureAgentHeaders(request),
    }
  }
  return undefined
}

/**
 * A header as Dynamo reads it: trimmed; empty and non-ASCII values count as
 * absent; any length is taken (measured on 1.3.1 to 1.6.1).
 */
export function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headersDistinct[name]?.[0]?.trim()
  return value === undefined || !/^[\x20-\x7e]+$/.test(value) ? undefined : value
}

function readFinal(request: IncomingMessage): boolean | undefined {
  const value = readHeader(request, 'x-dynamo-session-final')?.toLowerCase() ?? ''
  if (/^(?:true|1|yes|on)$/.test(value)) return true
  return /^(?:false|0|no|off)$/.test(value) ? false : undefined
}
