// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '../context/agent-context.ts'
import type { AgentHints, WireAgentHints } from '../hints/agent-hints.ts'
import type { ToolEvent } from '../tool/tool-event.ts'
import type { TraceEvent } from '../trace/schemas.ts'

export type DialectName = 'session-headers' | 'agent-context-body'

/** What identifies one LLM call on the wire. */
export interface RequestIdentity {
  readonly headers: Readonly<Record<string, string>>
  /** To merge into the body's `nvext`; absent when the body needs nothing. */
  readonly nvext?: {
    readonly agent_context?: Readonly<Record<string, string>>
    readonly agent_hints?: WireAgentHints
  }
}

/** A tool event as msgpack carries it. */
export type WireToolEvent = Readonly<Record<string, unknown>>

/** What a frontend of this dialect does with a decoded tool event: writes a row, or drops it and says why. */
export type ToolEventVerdict =
  | { readonly accepted: true; readonly row: TraceEvent }
  | { readonly accepted: false; readonly reason: string }

/**
 * How one generation of Dynamo wants identity and tool events. Nothing outside
 * the dialects knows generations.
 */
export interface Dialect {
  readonly name: DialectName
  /** @param requestId Sent as `x-request-id`; a new one for each attempt. */
  identify(context: AgentContext, hints: AgentHints, requestId: string): RequestIdentity
  /**
   * Identifies the notice that a trajectory is over: a smallest request of its
   * own, after the last turn. undefined where Dynamo knows no such thing.
   */
  identifyEnd(context: AgentContext, requestId: string): RequestIdentity | undefined
  encodeToolEvent(context: AgentContext, event: ToolEvent): WireToolEvent
  accepts(record: unknown): ToolEventVerdict
}
