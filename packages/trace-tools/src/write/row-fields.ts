// SPDX-License-Identifier: Apache-2.0
import { identityText, requestNumber, requestText, toolNumber, toolText } from '../read/columns.ts'

/**
 * One fact that a row tells by itself, under the name that Dynamo's rows give
 * it, and how it is written, whatever form a single row gives it: a duration
 * of 12 ms is a real number in each row, or SQL would divide some as integers.
 */
export interface RowField {
  readonly name: string
  /** The object of the row that it stands in, where viewers are to see it there. */
  readonly group?: 'worker'
  /** A `u64` stands in the row as digits. */
  readonly type: 'integer' | 'real' | 'text' | 'u64'
  /** Of numbers or of texts, as the type says. */
  readonly column: number
  /** Also told where slices tell the least. */
  readonly minimal?: true
}

const worker = 'worker'

/** What a request's row says of it, but for who asked and how it finished. */
export const requestFields: readonly RowField[] = [
  { name: 'event_time_unix_ms', type: 'integer', column: requestNumber.eventTimeMs },
  { name: 'input_trigger', type: 'text', column: identityText.inputTrigger },
  { name: 'request_id', type: 'text', column: requestText.requestId, minimal: true },
  { name: 'x_request_id', type: 'text', column: requestText.xRequestId },
  { name: 'model', type: 'text', column: requestText.model },
  { name: 'input_tokens', type: 'integer', column: requestNumber.inputTokens, minimal: true },
  { name: 'output_tokens', type: 'integer', column: requestNumber.outputTokens, minimal: true },
  { name: 'cached_tokens', type: 'integer', column: requestNumber.cachedTokens, minimal: true },
  { name: 'request_received_ms', type: 'integer', column: requestNumber.receivedMs },
  { name: 'prefill_wait_time_ms', type: 'real', column: requestNumber.prefillWaitMs },
  { name: 'prefill_time_ms', type: 'real', column: requestNumber.prefillMs },
  { name: 'ttft_ms', type: 'real', column: requestNumber.ttftMs, minimal: true },
  { name: 'total_time_ms', type: 'real', column: requestNumber.totalMs },
  { name: 'avg_itl_ms', type: 'real', column: requestNumber.avgItlMs },
  { name: 'kv_hit_rate', type: 'real', column: requestNumber.kvHitRate },
  {
    name: 'kv_transfer_estimated_latency_ms',
    type: 'real',
    column: requestNumber.kvTransferEstimatedLatencyMs,
  },
  { name: 'queue_depth', type: 'integer', column: requestNumber.queueDepth },
  { name: 'prefill_worker_id', group: worker, type: 'u64', column: requestText.prefillWorkerId },
  { name: 'prefill_dp_rank', group: worker, type: 'integer', column: requestNumber.prefillDpRank },
  { name: 'decode_worker_id', group: worker, type: 'u64', column: requestText.decodeWorkerId, minimal: true },
  { name: 'decode_dp_rank', group: worker, type: 'integer', column: requestNumber.decodeDpRank },
]

/** What a tool row says of the call, but for who asked. */
export const toolFields: readonly RowField[] = [
  { name: 'event_time_unix_ms', type: 'integer', column: toolNumber.eventTimeMs },
  { name: 'tool_call_id', type: 'text', column: toolText.toolCallId, minimal: true },
  { name: 'tool_class', type: 'text', column: toolText.toolClass },
  { name: 'started_at_unix_ms', type: 'integer', column: toolNumber.startedAtMs },
  { name: 'ended_at_unix_ms', type: 'integer', column: toolNumber.endedAtMs },
  { name: 'status', type: 'text', column: toolText.status, minimal: true },
  { name: 'duration_ms', type: 'real', column: toolNumber.durationMs },
  { name: 'output_tokens', type: 'integer', column: toolNumber.outputTokens },
  { name: 'output_bytes', type: 'integer', column: toolNumber.outputBytes, minimal: true },
  { name: 'tool_name_hash', type: 'text', column: toolText.toolNameHash },
  { name: 'error_type', type: 'text', column: toolText.errorType, minimal: true },
]
