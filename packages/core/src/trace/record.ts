// SPDX-License-Identifier: Apache-2.0
import type { ToolCall, ToolEventType } from '../tool/tool-event.ts'

/**
 * The two schema names in the field: the first is written by Dynamo 1.2 (and
 * by builds before it, with workflow and program ids), the second by 1.3 and
 * later.
 */
export type TraceSchema = 'dynamo.agent.trace.v1' | 'dynamo.request.trace.v1'

/** One row of a Dynamo trace, whatever release wrote it. */
export type TraceRecord = RequestRecord | ToolRecord

/**
 * Identity as one row can tell it. Only rows of Dynamo 1.2 name the session;
 * from 1.3 on it is the root of the parent chain, which no single row knows.
 */
export interface RecordIdentity {
  readonly sessionId?: string
  readonly trajectoryId: string
  readonly parentTrajectoryId?: string
  /** Dynamo 1.2 only. */
  readonly sessionTypeId?: string
  /** The harness said that the trajectory is over. */
  readonly sessionFinal?: boolean
  /** Role of the last message: `user_message`, `tool_result` or `other` (1.5 and later). */
  readonly inputTrigger?: string
}

interface RecordBase {
  readonly schema: TraceSchema
  /** Epoch milliseconds; for a request its end. Rows are not in this order. */
  readonly eventTimeMs: number
  /** Absent on context-free rows. */
  readonly source?: 'dynamo' | 'harness'
  /** Absent on context-free rows (1.3 and later). */
  readonly identity?: RecordIdentity
}

/** One LLM call as Dynamo served it (`request_end`). */
export interface RequestRecord extends RecordBase {
  readonly type: 'request_end'
  readonly request: RequestMetrics
}

/** One step of a tool call as the harness reported it. */
export interface ToolRecord extends RecordBase {
  readonly type: ToolEventType
  readonly tool: ToolCall
}

/** Serving figures. Times are milliseconds and may be fractional; everything but the id may be missing. */
export interface RequestMetrics {
  readonly requestId: string
  /** The caller's own id, from the `x-request-id` header. */
  readonly xRequestId?: string
  readonly model?: string
  readonly inputTokens?: number
  readonly outputTokens?: number
  /** Input tokens found in the KV cache; a multiple of the block size. */
  readonly cachedTokens?: number
  /** Epoch milliseconds. */
  readonly receivedMs?: number
  readonly prefillWaitMs?: number
  readonly prefillMs?: number
  /** Time to first token; the sum of prefill wait and prefill. */
  readonly ttftMs?: number
  readonly totalMs?: number
  /** Average inter-token latency. */
  readonly avgItlMs?: number
  /** Cached blocks over all blocks of the input, 0 to 1. */
  readonly kvHitRate?: number
  readonly kvTransferEstimatedLatencyMs?: number
  /** Requests in the router's queue when this one came. */
  readonly queueDepth?: number
  readonly worker?: WorkerPlacement
  readonly replay?: ReplayInput
  readonly finish?: FinishMetadata
}

/** Which workers served a request. Ids are random u64 and exceed 2^53. */
export interface WorkerPlacement {
  readonly prefillWorkerId?: bigint
  readonly prefillDpRank?: number
  readonly decodeWorkerId?: bigint
  readonly decodeDpRank?: number
}

/** The input as hashes of its KV blocks: enough to replay its cache behaviour, none of its text. */
export interface ReplayInput {
  /** Tokens a block. */
  readonly blockSize: number
  readonly inputTokens: number
  /**
   * The hashes as they stand in the row: decimal u64, comma-separated, one for
   * each block with the partial last one. Most readers never need them, so
   * they are decoded only by decodeHashes.
   */
  readonly hashText: string
}

/** Why generation ended (Dynamo 1.3 and later). */
export interface FinishMetadata {
  readonly finishReason?: string
  readonly backendFinishReason?: string
  readonly stopReason?: string | number
  readonly toolCalls: readonly FinishToolCall[]
  readonly choices: readonly FinishChoice[]
}

/** A tool call that the model asked for; its arguments are never recorded. */
export interface FinishToolCall {
  readonly choiceIndex: number
  readonly toolCallIndex: number
  readonly id?: string
  readonly name?: string
}

export interface FinishChoice {
  readonly choiceIndex: number
  readonly finishReason?: string
  readonly backendFinishReason?: string
  readonly stopReason?: string | number
}
