// SPDX-License-Identifier: Apache-2.0

export type ToolEventType = 'tool_start' | 'tool_end' | 'tool_error'

/** The statuses Dynamo writes; it accepts several spellings of each. */
export type ToolStatus = 'running' | 'succeeded' | 'error' | 'cancelled'

/** One execution of a tool by the harness: sizes and times, never arguments or results. */
export interface ToolCall {
  readonly toolCallId: string
  /** The tool's name, or its class where names are private. */
  readonly toolClass: string
  /** Integer epoch milliseconds: Dynamo drops an event whose times are fractional. */
  readonly startedAtMs?: number
  /** Integer epoch milliseconds. */
  readonly endedAtMs?: number
  readonly status?: ToolStatus
  readonly durationMs?: number
  readonly outputTokens?: number
  /** UTF-8 bytes of the result as the model will see it. */
  readonly outputBytes?: number
  readonly toolNameHash?: string
  readonly errorType?: string
}

/** What a harness tells Dynamo about a tool call. */
export interface ToolEvent {
  readonly type: ToolEventType
  /** Integer epoch milliseconds. */
  readonly timeMs: number
  readonly tool: ToolCall
}
