// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

export { harnessRowSchema, type WireHarnessRow } from '../harness/harness-schemas.ts'

/**
 * Strict schemas of every trace row that a released Dynamo writes, for writers
 * and for validation. Unknown keys fail; readers use parseTraceLine, which
 * lets them pass. Feed them what parseExactJson gives: integers beyond 2^53
 * are bigints.
 *
 * Sources: rows captured from Dynamo 1.2.1, 1.3.1, 1.4.2, 1.5.1 and 1.6.1, and
 * the public record types of those releases.
 */
const text = z.string().min(1)
const tokens = z.int().nonnegative()
const milliseconds = z.number().nonnegative()
const epochMilliseconds = z.int().nonnegative()
const u64 = z.union([z.int().nonnegative(), z.bigint().nonnegative().max(2n ** 64n - 1n)])

const replay = z
  .strictObject({
    trace_block_size: z.int().positive(),
    input_length: tokens,
    input_sequence_hashes: z.array(u64),
  })
  .refine((value) => value.input_sequence_hashes.length === Math.ceil(value.input_length / value.trace_block_size), {
    path: ['input_sequence_hashes'],
    message: 'must hold one hash for each block of the input, the partial last one too',
  })

const stopReason = z.union([z.string(), z.int()])

const finishReasonMetadata = z.strictObject({
  finish_reason: text.optional(),
  backend_finish_reason: text.optional(),
  stop_reason: stopReason.optional(),
  tool_calls: z
    .array(
      z.strictObject({
        choice_index: tokens,
        tool_call_index: tokens,
        id: text.optional(),
        name: text.optional(),
      }),
    )
    .optional(),
  choices: z
    .array(
      z.strictObject({
        choice_index: tokens,
        finish_reason: text.optional(),
        backend_finish_reason: text.optional(),
        stop_reason: stopReason.optional(),
      }),
    )
    .optional(),
})

const requestMetrics = z.strictObject({
  request_id: text,
  x_request_id: text.optional(),
  model: text.optional(),
  input_tokens: tokens.optional(),
  output_tokens: tokens.optional(),
  cached_tokens: tokens.optional(),
  request_received_ms: epochMilliseconds.optional(),
  prefill_wait_time_ms: milliseconds.optional(),
  prefill_time_ms: milliseconds.optional(),
  ttft_ms: milliseconds.optional(),
  total_time_ms: milliseconds.optional(),
  avg_itl_ms: milliseconds.optional(),
  kv_hit_rate: z.number().min(0).max(1).optional(),
  kv_transfer_estimated_latency_ms: milliseconds.optional(),
  queue_depth: tokens.optional(),
  worker: z
    .strictObject({
      prefill_worker_id: u64.optional(),
      prefill_dp_rank: tokens.optional(),
      decode_worker_id: u64.optional(),
      decode_dp_rank: tokens.optional(),
    })
    .optional(),
  replay: replay.optional(),
  finish_reason_metadata: finishReasonMetadata.optional(),
})

const toolCall = z.strictObject({
  tool_call_id: text,
  tool_class: text,
  started_at_unix_ms: epochMilliseconds.optional(),
  ended_at_unix_ms: epochMilliseconds.optional(),
  status: z.enum(['running', 'succeeded', 'error', 'cancelled']).optional(),
  duration_ms: z.number().nullable().optional(),
  output_tokens: tokens.optional(),
  output_bytes: tokens.optional(),
  tool_name_hash: text.optional(),
  error_type: text.optional(),
})

/** Identity as Dynamo 1.2 writes it. */
const trajectoryContext = z.strictObject({
  session_type_id: text,
  session_id: text,
  trajectory_id: text,
  parent_trajectory_id: text.optional(),
})

/** Identity of builds before 1.2. */
const programContext = z.strictObject({
  workflow_type_id: text,
  workflow_id: text,
  program_id: text,
  parent_program_id: text.optional(),
})

/** Identity as Dynamo 1.3 and later write it; what they call a session is a trajectory here. */
const sessionContext = z.strictObject({
  session_id: text,
  parent_session_id: text.optional(),
  session_final: z.boolean().optional(),
  kv_hints: z.strictObject({ evict_session: z.boolean().optional() }).optional(),
  compaction: z.record(z.string(), z.string()).optional(),
  input_trigger: z.enum(['user_message', 'tool_result', 'other']).optional(),
  agent_headers: z.record(z.string(), z.array(z.string())).optional(),
})

const agentTraceBase = {
  schema: z.literal('dynamo.agent.trace.v1'),
  event_time_unix_ms: epochMilliseconds,
  agent_context: z.union([trajectoryContext, programContext]),
}

const requestTraceBase = {
  schema: z.literal('dynamo.request.trace.v1'),
  event_time_unix_ms: epochMilliseconds,
}

const toolEventType = z.enum(['tool_start', 'tool_end', 'tool_error'])

/** A row of Dynamo 1.2 and of the builds before it. */
export const agentTraceEventSchema = z.discriminatedUnion('event_type', [
  z.strictObject({
    ...agentTraceBase,
    event_type: z.literal('request_end'),
    event_source: z.literal('dynamo'),
    request: requestMetrics,
  }),
  z.strictObject({
    ...agentTraceBase,
    event_type: toolEventType,
    event_source: z.literal('harness'),
    tool: toolCall,
  }),
])

/** A row of Dynamo 1.3 and later. */
export const requestTraceEventSchema = z.discriminatedUnion('event_type', [
  z.strictObject({
    ...requestTraceBase,
    event_type: z.literal('request_end'),
    event_source: z.literal('dynamo').optional(),
    agent_context: sessionContext.optional(),
    request: requestMetrics,
  }),
  z.strictObject({
    ...requestTraceBase,
    event_type: toolEventType,
    event_source: z.literal('harness'),
    agent_context: sessionContext,
    tool: toolCall,
  }),
  z.strictObject({
    ...requestTraceBase,
    event_type: z.literal('request_payload'),
    event_source: z.literal('dynamo').optional(),
    payload: z.looseObject({
      request_id: text,
      endpoint: text.optional(),
      model: text.optional(),
      payload_complete: z.boolean(),
      payload_drop_reason: text.optional(),
    }),
  }),
])

/** A row of any generation, without envelope. */
export const traceEventSchema = z.discriminatedUnion('schema', [agentTraceEventSchema, requestTraceEventSchema])

/** A line of a trace file: the sink's clock (milliseconds since it opened) and the row. */
export const traceLineSchema = z.strictObject({ timestamp: tokens, event: traceEventSchema })

export type AgentTraceEvent = z.infer<typeof agentTraceEventSchema>
export type RequestTraceEvent = z.infer<typeof requestTraceEventSchema>
export type TraceEvent = z.infer<typeof traceEventSchema>
export type TraceLine = z.infer<typeof traceLineSchema>
export type WireRequestMetrics = z.infer<typeof requestMetrics>
export type WireToolCall = z.infer<typeof toolCall>
