// SPDX-License-Identifier: Apache-2.0
import type { PiMessage } from './host.ts'

/**
 * The events of Pi that only a harness log needs, by name. A Pi that lacks one
 * takes its listener all the same and never calls it.
 */
export interface PiHarnessEvents {
  readonly agent_start: unknown
  readonly agent_end: unknown
  /** From 0.80 on: the agent will not go on by itself, be it to try again or after a compaction. */
  readonly agent_settled: unknown
  readonly turn_start: unknown
  readonly turn_end: unknown
  readonly message_start: unknown
  readonly session_before_compact: PiCompactionStart
  readonly session_compact: PiCompactionReason
  /** From 0.84 on. */
  readonly session_compact_failed: PiCompactionReason & { readonly aborted?: boolean }
  /** Another branch of the session became the conversation. */
  readonly session_tree: unknown
  readonly model_select: { readonly model: PiModelName; readonly previousModel?: PiModelName | undefined }
  readonly thinking_level_select: { readonly level: string; readonly previousLevel?: string }
  /** From 0.87 on: an extension waits for its user. */
  readonly ui_prompt_start: unknown
  readonly ui_prompt_end: unknown
}

export interface PiCompactionReason {
  /** `manual`, `threshold` or `overflow`; not told by 0.73. */
  readonly reason?: string
}

export interface PiCompactionStart extends PiCompactionReason {
  readonly preparation: { readonly tokensBefore: number }
  /** Aborted when the compaction is. */
  readonly signal?: AbortSignal
}

export interface PiModelName {
  readonly provider: string
  readonly id: string
}

/** A message as far as its size and cost are looked at; what it says is never kept. */
export interface PiMeasuredMessage extends PiMessage {
  readonly model?: string
  readonly content?: unknown
  readonly usage?: NonNullable<PiMessage['usage']> & {
    readonly cacheWrite?: number
    readonly cost?: { /** US dollars. */ readonly total?: number }
  }
}
