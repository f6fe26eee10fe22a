// SPDX-License-Identifier: Apache-2.0
import { readTraceRow, type TraceRecord } from '@dynamo-agent/core'
import { identityText, requestNumber, requestText, rowFlag, rowKind, toolNumber, toolText } from '../columns.ts'
import { numberOf, textOf, type RowBatch, type RowReference } from '../row-batch.ts'

const eventTypes: Readonly<Record<number, string>> = {
  [rowKind.request]: 'request_end',
  [rowKind.toolStart]: 'tool_start',
  [rowKind.toolEnd]: 'tool_end',
  [rowKind.toolError]: 'tool_error',
}

/**
 * A row as the record that core's parseTraceLine makes of its line. The row is
 * put together as Dynamo 1.2 writes it, which can say all that any release
 * says, and read by core.
 *
 * @throws TypeError when there is no row at this place.
 */
export function toRecord(batch: RowBatch, row: number): TraceRecord {
  const reference = { batch, row }
  const isRequest = batch.kinds[row] === rowKind.request
  const parsed = readTraceRow(
    {
      schema: hasFlag(reference, rowFlag.agentTrace) ? 'dynamo.agent.trace.v1' : 'dynamo.request.trace.v1',
      event_type: eventTypes[batch.kinds[row] ?? 0],
      event_time_unix_ms: numberOf(reference, requestNumber.eventTimeMs),
      event_source: sourceOf(reference),
      agent_context: contextOf(reference),
      ...(isRequest ? { request: requestOf(reference) } : { tool: toolOf(reference) }),
    },
    isRequest ? hashTextOf(reference) : undefined,
  )
  if (parsed.kind !== 'record') throw new TypeError(`there is no row ${row}`)
  return parsed.record
}

function hasFlag({ batch, row }: RowReference, flag: number): boolean {
  return ((batch.flags[row] ?? 0) & flag) !== 0
}

function sourceOf(row: RowReference): string | undefined {
  if (hasFlag(row, rowFlag.fromDynamo)) return 'dynamo'
  return hasFlag(row, rowFlag.fromHarness) ? 'harness' : undefined
}

function contextOf(row: RowReference) {
  return {
    session_id: textOf(row, identityText.sessionId),
    trajectory_id: textOf(row, identityText.trajectoryId),
    parent_trajectory_id: textOf(row, identityText.parentTrajectoryId),
    session_type_id: textOf(row, identityText.sessionTypeId),
    input_trigger: textOf(row, identityText.inputTrigger),
    session_final: hasFlag(row, rowFlag.hasSessionFinal) ? hasFlag(row, rowFlag.sessionFinal) : undefined,
  }
}

function requestOf(row: RowReference) {
  const finish = textOf(row, requestText.finish)
  return {
    request_id: textOf(row, requestText.requestId),
    x_request_id: textOf(row, requestText.xRequestId),
    model: textOf(row, requestText.model),
    input_tokens: numberOf(row, requestNumber.inputTokens),
    output_tokens: numberOf(row, requestNumber.outputTokens),
    cached_tokens: numberOf(row, requestNumber.cachedTokens),
    request_received_ms: numberOf(row, requestNumber.receivedMs),
    prefill_wait_time_ms: numberOf(row, requestNumber.prefillWaitMs),
    prefill_time_ms: numberOf(row, requestNumber.prefillMs),
    ttft_ms: numberOf(row, requestNumber.ttftMs),
    total_time_ms: numberOf(row, requestNumber.totalMs),
    avg_itl_ms: numberOf(row, requestNumber.avgItlMs),
    kv_hit_rate: numberOf(row, requestNumber.kvHitRate),
    kv_transfer_estimated_latency_ms: numberOf(row, requestNumber.kvTransferEstimatedLatencyMs),
    queue_depth: numberOf(row, requestNumber.queueDepth),
    worker: hasFlag(row, rowFlag.hasWorker) ? workerOf(row) : undefined,
    replay: hasFlag(row, rowFlag.hasReplay) ? replayOf(row) : undefined,
    finish_reason_metadata: finish === undefined ? undefined : (JSON.parse(finish) as unknown),
  }
}

function workerOf(row: RowReference) {
  return {
    prefill_worker_id: textOf(row, requestText.prefillWorkerId),
    prefill_dp_rank: numberOf(row, requestNumber.prefillDpRank),
    decode_worker_id: textOf(row, requestText.decodeWorkerId),
    decode_dp_rank: numberOf(row, requestNumber.decodeDpRank),
  }
}

/** Without hashes: core takes them as text, beside the row. */
function replayOf(row: RowReference) {
  return {
    trace_block_size: numberOf(row, requestNumber.replayBlockSize),
    input_length: numberOf(row, requestNumber.replayInputTokens),
    input_sequence_hashes: [],
  }
}

function hashTextOf(row: RowReference): string {
  return (textOf(row, requestText.hashes) ?? '').replace(/\s/g, '')
}

function toolOf(row: RowReference) {
  return {
    tool_call_id: textOf(row, toolText.toolCallId),
    tool_class: textOf(row, toolText.toolClass),
    started_at_unix_ms: numberOf(row, toolNumber.startedAtMs),
    ended_at_unix_ms: numberOf(row, toolNumber.endedAtMs),
    status: textOf(row, toolText.status),
    duration_ms: numberOf(row, toolNumber.durationMs),
    output_tokens: numberOf(row, toolNumber.outputTokens),
    output_bytes: numberOf(row, toolNumber.outputBytes),
    tool_name_hash: textOf(row, toolText.toolNameHash),
    error_type: textOf(row, toolText.errorType),
  }
}
