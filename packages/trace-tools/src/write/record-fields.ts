// SPDX-License-Identifier: Apache-2.0
import type { RequestMetrics } from '@dynamo-agent/core'
import type { Request, ToolSpan } from '../model/trace-model.ts'

export type FieldValue = string | number | bigint | boolean

/**
 * How a value is written, whatever form a single row gives it: a duration of
 * 12 ms is a real number in each row, or SQL would divide some as integers.
 * An `id` differs from row to row, so it is not worth interning.
 */
export type FieldType = 'id' | 'text' | 'integer' | 'real' | 'u64' | 'flag'

/** One fact about a request or tool call, under the name that Dynamo's rows give it. */
export interface Field<Source> {
  readonly name: string
  readonly type: FieldType
  readonly read: (source: Source) => FieldValue | undefined
}

/** Facts that belong together; without a name they stand by themselves. */
export interface FieldGroup<Source> {
  readonly name?: string
  readonly fields: readonly Field<Source>[]
}

/** What a request's row says about it, but for who asked. */
export const requestFields: readonly FieldGroup<Request>[] = [
  {
    fields: [
      field('event_time_unix_ms', 'integer', ({ record }) => record.eventTimeMs),
      field('input_trigger', 'text', ({ record }) => record.identity?.inputTrigger),
      field('session_final', 'flag', ({ record }) => record.identity?.sessionFinal),
      metric('request_id', 'id', (request) => request.requestId),
      metric('x_request_id', 'id', (request) => request.xRequestId),
      metric('model', 'text', (request) => request.model),
      metric('input_tokens', 'integer', (request) => request.inputTokens),
      metric('output_tokens', 'integer', (request) => request.outputTokens),
      metric('cached_tokens', 'integer', (request) => request.cachedTokens),
      metric('request_received_ms', 'integer', (request) => request.receivedMs),
      metric('prefill_wait_time_ms', 'real', (request) => request.prefillWaitMs),
      metric('prefill_time_ms', 'real', (request) => request.prefillMs),
      metric('ttft_ms', 'real', (request) => request.ttftMs),
      metric('total_time_ms', 'real', (request) => request.totalMs),
      metric('avg_itl_ms', 'real', (request) => request.avgItlMs),
      metric('kv_hit_rate', 'real', (request) => request.kvHitRate),
      metric('kv_transfer_estimated_latency_ms', 'real', (request) => request.kvTransferEstimatedLatencyMs),
      metric('queue_depth', 'integer', (request) => request.queueDepth),
    ],
  },
  {
    name: 'worker',
    fields: [
      metric('prefill_worker_id', 'u64', ({ worker }) => worker?.prefillWorkerId),
      metric('prefill_dp_rank', 'integer', ({ worker }) => worker?.prefillDpRank),
      metric('decode_worker_id', 'u64', ({ worker }) => worker?.decodeWorkerId),
      metric('decode_dp_rank', 'integer', ({ worker }) => worker?.decodeDpRank),
    ],
  },
  {
    name: 'finish',
    fields: [
      metric('finish_reason', 'text', ({ finish }) => finish?.finishReason),
      metric('backend_finish_reason', 'text', ({ finish }) => finish?.backendFinishReason),
      metric('stop_reason', 'text', ({ finish }) => finish?.stopReason),
      metric('tool_call_count', 'integer', ({ finish }) => countOf(finish?.toolCalls)),
      metric('tool_call_names', 'text', ({ finish }) => join(finish?.toolCalls.map(({ name }) => name))),
      metric('choice_count', 'integer', ({ finish }) => countOf(finish?.choices)),
      metric('choice_finish_reasons', 'text', ({ finish }) =>
        join(finish?.choices.map(({ choiceIndex, finishReason }) => finishReason && `${choiceIndex}:${finishReason}`)),
      ),
    ],
  },
]

/** What the harness said about a tool call, and how its times are known. */
export const toolFields: readonly FieldGroup<ToolSpan>[] = [
  {
    fields: [
      field('tool_call_id', 'id', ({ call }) => call.toolCallId),
      field('tool_class', 'text', ({ call }) => call.toolClass),
      field('started_at_unix_ms', 'integer', ({ call }) => call.startedAtMs),
      field('ended_at_unix_ms', 'integer', ({ call }) => call.endedAtMs),
      field('status', 'text', ({ call }) => call.status),
      field('duration_ms', 'real', ({ call }) => call.durationMs),
      field('output_tokens', 'integer', ({ call }) => call.outputTokens),
      field('output_bytes', 'integer', ({ call }) => call.outputBytes),
      field('tool_name_hash', 'text', ({ call }) => call.toolNameHash),
      field('error_type', 'text', ({ call }) => call.errorType),
      field('timing', 'text', ({ timing }) => timing),
      field('source_request_id', 'id', ({ asked }) => asked?.by.record.request.requestId),
      field('choice_index', 'integer', ({ asked }) => asked?.as.choiceIndex),
      field('tool_call_index', 'integer', ({ asked }) => asked?.as.toolCallIndex),
    ],
  },
]

function field<Source>(name: string, type: FieldType, read: Field<Source>['read']): Field<Source> {
  return { name, type, read }
}

function metric(name: string, type: FieldType, read: Field<RequestMetrics>['read']): Field<Request> {
  return field(name, type, ({ record }) => read(record.request))
}

function countOf(items: readonly unknown[] = []): number | undefined {
  return items.length > 0 ? items.length : undefined
}

function join(parts: readonly (string | undefined)[] = []): string | undefined {
  return parts.filter((part) => part !== undefined && part !== '').join(', ') || undefined
}
