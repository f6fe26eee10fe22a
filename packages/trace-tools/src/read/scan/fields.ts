// SPDX-License-Identifier: Apache-2.0
import { identityText, requestNumber, requestText, rowFlag, rowKind, toolNumber, toolText } from '../columns.ts'

/** A key of an object and what is done with its value, or a text that a value may be and what it means. */
export interface Entry {
  /** As it stands in a row: with the quotes, and with the colon behind a key. */
  readonly text: string
  /** A FieldType; 0 for a value. */
  readonly type: number
  /**
   * Of a field its column, or the list that its value is read with. Of a value
   * a RowKind if it is an event type, else bits of rowFlag.
   */
  readonly meaning: number
  /** Bits of what a field says of the object that has it. */
  readonly group: number
}

/** What a field's value is; assembly/scan/row.ts reads them. */
const type = {
  number: 1,
  text: 2,
  /** Digits of a u64. */
  u64: 3,
  hashes: 4,
  finish: 5,
  /** Known, and of no interest. */
  ignored: 6,
  // One of a list of values.
  flag: 7,
  schema: 8,
  eventType: 9,
  // Objects, whose fields are a list.
  event: 10,
  context: 11,
  request: 12,
  tool: 13,
  worker: 14,
  replay: 15,
} as const

/** Places in `lists`. */
const list = {
  row: 0,
  event: 1,
  context: 2,
  request: 3,
  tool: 4,
  worker: 5,
  replay: 6,
  schemas: 7,
  eventTypes: 8,
  eventSources: 9,
  finals: 10,
} as const

/** An event stands in an envelope or alone, but not both. */
const rowGroup = { inEvent: 1, isEvent: 2 } as const

/** Three generations of identity; see readIdentity of core. */
const contextGroup = {
  trajectory: 1,
  program: 2,
  parentSession: 4,
  session: 8,
  sessionFinal: 16,
  trajectoryFinal: 32,
} as const

/** Stands for the event type of payload rows. */
const PAYLOAD = 255

type FieldSpec = readonly [name: string, type: number, meaning?: number, group?: number]

function fields(...specs: readonly FieldSpec[]): readonly Entry[] {
  return specs.map(([name, type, meaning = 0, group = 0]) => ({ text: `"${name}":`, type, meaning, group }))
}

function values(meanings: Readonly<Record<string, number>>): readonly Entry[] {
  return Object.entries(meanings).map(([text, meaning]) => ({ text, type: 0, meaning, group: 0 }))
}

const eventFields: readonly FieldSpec[] = [
  ['schema', type.schema, list.schemas, rowGroup.inEvent],
  ['event_type', type.eventType, list.eventTypes, rowGroup.inEvent],
  ['event_time_unix_ms', type.number, requestNumber.eventTimeMs, rowGroup.inEvent],
  ['event_source', type.flag, list.eventSources, rowGroup.inEvent],
  ['agent_context', type.context, list.context, rowGroup.inEvent],
  ['request', type.request, list.request, rowGroup.inEvent],
  ['tool', type.tool, list.tool, rowGroup.inEvent],
]

/** By their numbers in `list`; fields in the order in which Dynamo writes them. */
export const lists: readonly (readonly Entry[])[] = [
  fields(['timestamp', type.ignored], ['event', type.event, list.event, rowGroup.isEvent], ...eventFields),
  fields(...eventFields),
  fields(
    ['session_type_id', type.text, identityText.sessionTypeId, contextGroup.trajectory],
    ['session_id', type.text, identityText.sessionId, contextGroup.session],
    ['trajectory_id', type.text, identityText.trajectoryId, contextGroup.trajectory],
    ['parent_trajectory_id', type.text, identityText.parentTrajectoryId, contextGroup.trajectory],
    ['trajectory_final', type.flag, list.finals, contextGroup.trajectory | contextGroup.trajectoryFinal],
    ['parent_session_id', type.text, identityText.parentTrajectoryId, contextGroup.parentSession],
    ['session_final', type.flag, list.finals, contextGroup.sessionFinal],
    ['input_trigger', type.text, identityText.inputTrigger],
    ['workflow_type_id', type.text, identityText.sessionTypeId, contextGroup.program],
    ['workflow_id', type.text, identityText.sessionId, contextGroup.program],
    ['program_id', type.text, identityText.trajectoryId, contextGroup.program],
    ['parent_program_id', type.text, identityText.parentTrajectoryId, contextGroup.program],
  ),
  fields(
    ['request_id', type.text, requestText.requestId],
    ['x_request_id', type.text, requestText.xRequestId],
    ['model', type.text, requestText.model],
    ['input_tokens', type.number, requestNumber.inputTokens],
    ['output_tokens', type.number, requestNumber.outputTokens],
    ['cached_tokens', type.number, requestNumber.cachedTokens],
    ['request_received_ms', type.number, requestNumber.receivedMs],
    ['prefill_wait_time_ms', type.number, requestNumber.prefillWaitMs],
    ['prefill_time_ms', type.number, requestNumber.prefillMs],
    ['ttft_ms', type.number, requestNumber.ttftMs],
    ['total_time_ms', type.number, requestNumber.totalMs],
    ['avg_itl_ms', type.number, requestNumber.avgItlMs],
    ['kv_hit_rate', type.number, requestNumber.kvHitRate],
    ['kv_transfer_estimated_latency_ms', type.number, requestNumber.kvTransferEstimatedLatencyMs],
    ['queue_depth', type.number, requestNumber.queueDepth],
    ['worker', type.worker, list.worker],
    ['replay', type.replay, list.replay],
    ['finish_reason_metadata', type.finish],
  ),
  fields(
    ['tool_call_id', type.text, toolText.toolCallId],
    ['tool_class', type.text, toolText.toolClass],
    ['started_at_unix_ms', type.number, toolNumber.startedAtMs],
    ['ended_at_unix_ms', type.number, toolNumber.endedAtMs],
    ['status', type.text, toolText.status],
    ['duration_ms', type.number, toolNumber.durationMs],
    ['output_tokens', type.number, toolNumber.outputTokens],
    ['output_bytes', type.number, toolNumber.outputBytes],
    ['tool_name_hash', type.text, toolText.toolNameHash],
    ['error_type', type.text, toolText.errorType],
  ),
  fields(
    ['prefill_worker_id', type.u64, requestText.prefillWorkerId],
    ['prefill_dp_rank', type.number, requestNumber.prefillDpRank],
    ['decode_worker_id', type.u64, requestText.decodeWorkerId],
    ['decode_dp_rank', type.number, requestNumber.decodeDpRank],
  ),
  fields(
    ['trace_block_size', type.number, requestNumber.replayBlockSize],
    ['input_length', type.number, requestNumber.replayInputTokens],
    ['input_sequence_hashes', type.hashes],
  ),
  values({ '"dynamo.request.trace.v1"': 0, '"dynamo.agent.trace.v1"': rowFlag.agentTrace }),
  values({
    '"request_end"': rowKind.request,
    '"tool_start"': rowKind.toolStart,
    '"tool_end"': rowKind.toolEnd,
    '"tool_error"': rowKind.toolError,
    '"request_payload"': PAYLOAD,
  }),
  values({
    '"dynamo"': rowFlag.fromDynamo,
    '"harness"': rowFlag.fromHarness,
    // What the first 1.2 builds called the harness.
    '"ms_agent"': rowFlag.fromHarness,
  }),
  values({ true: rowFlag.hasSessionFinal | rowFlag.sessionFinal, false: rowFlag.hasSessionFinal }),
]
