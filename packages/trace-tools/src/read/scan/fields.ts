// SPDX-License-Identifier: Apache-2.0
import { identityText, requestNumber, requestText, toolNumber, toolText } from '../columns.ts'
import { patternOf, type Pattern, type Text } from './text.ts'

/** What a field's value is. */
export const fieldType = {
  number: 1,
  text: 2,
  /** Digits of a u64. */
  u64: 3,
  /** Whether the trajectory is over. */
  final: 4,
  schema: 5,
  eventType: 6,
  eventSource: 7,
  event: 8,
  context: 9,
  request: 10,
  tool: 11,
  worker: 12,
  replay: 13,
  hashes: 14,
  finish: 15,
  /** Known, and of no interest. */
  ignored: 16,
} as const
export type FieldType = (typeof fieldType)[keyof typeof fieldType]

/** A field that is known in one of the objects. */
export interface Field {
  readonly name: string
  /** The name as it stands in a row, with the quotes and the colon. */
  readonly key: Pattern
  readonly type: FieldType
  /** Column of the value. */
  readonly column: number
  /** Place among the fields of its object. */
  readonly index: number
  /** One bit, different for each of them. */
  readonly bit: number
}

type FieldSpec = readonly [name: string, type: FieldType, column?: number]

/** The known fields of one kind of object, in the order that Dynamo writes them. */
export class KnownFields {
  readonly #fields: readonly Field[]

  constructor(...specs: readonly FieldSpec[]) {
    this.#fields = specs.map(([name, type, column = 0], index) => ({
      name,
      key: patternOf(`"${name}":`),
      type,
      column,
      index,
      bit: 1 << index,
    }))
  }

  /**
   * The field whose key stands here.
   *
   * @param expected Index of the one to try first: mostly the key is the one
   * that Dynamo writes behind the key before.
   */
  find(text: Text, start: number, expected: number): Field | undefined {
    const field = this.#fields[expected]
    return field !== undefined && text.matches(start, field.key) ? field : this.#search(text, start, expected)
  }

  #search(text: Text, start: number, expected: number): Field | undefined {
    const fields = this.#fields
    let index = expected
    for (let left = fields.length; left > 0; left--) {
      index = index < fields.length - 1 ? index + 1 : 0
      const field = fields[index]
      if (field !== undefined && text.matches(start, field.key)) return field
    }
    return undefined
  }

  /** The bits of the fields with these names. */
  bitsOf(...names: readonly string[]): number {
    return this.#fields.reduce((bits, field) => (names.includes(field.name) ? bits | field.bit : bits), 0)
  }
}

const { context, event, eventSource, eventType, final, finish, hashes, ignored, number, replay, request, schema } =
  fieldType
const { text, tool, u64, worker } = fieldType

const eventSpecs: readonly FieldSpec[] = [
  ['schema', schema],
  ['event_type', eventType],
  ['event_time_unix_ms', number, requestNumber.eventTimeMs],
  ['event_source', eventSource],
  ['agent_context', context],
  ['request', request],
  ['tool', tool],
]

/** An event stands in an envelope or alone. */
export const rowFields = new KnownFields(['timestamp', ignored], ['event', event], ...eventSpecs)
export const eventFields = new KnownFields(...eventSpecs)

/** Three generations of identity; see readIdentity of core. */
export const contextFields = new KnownFields(
  ['session_type_id', text, identityText.sessionTypeId],
  ['session_id', text, identityText.sessionId],
  ['trajectory_id', text, identityText.trajectoryId],
  ['parent_trajectory_id', text, identityText.parentTrajectoryId],
  ['trajectory_final', final],
  ['parent_session_id', text, identityText.parentTrajectoryId],
  ['session_final', final],
  ['input_trigger', text, identityText.inputTrigger],
  ['workflow_type_id', text, identityText.sessionTypeId],
  ['workflow_id', text, identityText.sessionId],
  ['program_id', text, identityText.trajectoryId],
  ['parent_program_id', text, identityText.parentTrajectoryId],
)

export const requestFields = new KnownFields(
  ['request_id', text, requestText.requestId],
  ['x_request_id', text, requestText.xRequestId],
  ['model', text, requestText.model],
  ['input_tokens', number, requestNumber.inputTokens],
  ['output_tokens', number, requestNumber.outputTokens],
  ['cached_tokens', number, requestNumber.cachedTokens],
  ['request_received_ms', number, requestNumber.receivedMs],
  ['prefill_wait_time_ms', number, requestNumber.prefillWaitMs],
  ['prefill_time_ms', number, requestNumber.prefillMs],
  ['ttft_ms', number, requestNumber.ttftMs],
  ['total_time_ms', number, requestNumber.totalMs],
  ['avg_itl_ms', number, requestNumber.avgItlMs],
  ['kv_hit_rate', number, requestNumber.kvHitRate],
  ['kv_transfer_estimated_latency_ms', number, requestNumber.kvTransferEstimatedLatencyMs],
  ['queue_depth', number, requestNumber.queueDepth],
  ['worker', worker],
  ['replay', replay],
  ['finish_reason_metadata', finish],
)

export const workerFields = new KnownFields(
  ['prefill_worker_id', u64, requestText.prefillWorkerId],
  ['prefill_dp_rank', number, requestNumber.prefillDpRank],
  ['decode_worker_id', u64, requestText.decodeWorkerId],
  ['decode_dp_rank', number, requestNumber.decodeDpRank],
)

export const replayFields = new KnownFields(
  ['trace_block_size', number, requestNumber.replayBlockSize],
  ['input_length', number, requestNumber.replayInputTokens],
  ['input_sequence_hashes', hashes],
)

export const toolFields = new KnownFields(
  ['tool_call_id', text, toolText.toolCallId],
  ['tool_class', text, toolText.toolClass],
  ['started_at_unix_ms', number, toolNumber.startedAtMs],
  ['ended_at_unix_ms', number, toolNumber.endedAtMs],
  ['status', text, toolText.status],
  ['duration_ms', number, toolNumber.durationMs],
  ['output_tokens', number, toolNumber.outputTokens],
  ['output_bytes', number, toolNumber.outputBytes],
  ['tool_name_hash', text, toolText.toolNameHash],
  ['error_type', text, toolText.errorType],
)
