// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, requestNumber, rowKind, toolNumber, toolText } from '../read/columns.ts'
import type { RowBatch } from '../read/row-batch.ts'
import { CallHash } from './call-hash.ts'
import type { PendingRequest, PendingToolEnd, PendingToolStart } from './pending.ts'
import { boundStages } from './stages.ts'
import type { Trajectory } from './trajectory.ts'

const none: readonly never[] = []
const callHash = new CallHash()

/** A row without the time it was received starts at its event, as in the converter that ships with Dynamo. */
export function readRequest(batch: RowBatch, row: number, trajectory: Trajectory): PendingRequest {
  const at = row * NUMBER_COLUMNS
  const { numbers } = batch
  const eventMs = numbers[at + requestNumber.eventTimeMs] ?? 0
  const receivedMs = numbers[at + requestNumber.receivedMs] ?? Number.NaN
  const total = numbers[at + requestNumber.totalMs] ?? Number.NaN
  const startMs = Number.isNaN(receivedMs) ? eventMs : receivedMs
  const totalMs = total >= 0 ? total : Math.max(0, eventMs - startMs)
  const endMs = startMs + totalMs
  const { waitEndMs, prefillEndMs, decodeStartMs } = boundStages({
    totalMs,
    ttftMs: numbers[at + requestNumber.ttftMs] ?? Number.NaN,
    waitMs: numbers[at + requestNumber.prefillWaitMs] ?? Number.NaN,
    prefillMs: numbers[at + requestNumber.prefillMs] ?? Number.NaN,
  })
  return {
    kind: 'request',
    rank: 3,
    // Both clocks count whole milliseconds: a tool call that ended in the one in which the request began comes first.
    timeMs: Math.max(endMs, Math.floor(startMs) + 1),
    trajectory,
    row: { batch, row },
    startMs,
    endMs,
    waitEndMs,
    prefillEndMs,
    decodeStartMs,
    results: none,
  }
}

export function readToolStart(batch: RowBatch, row: number): PendingToolStart {
  const at = row * NUMBER_COLUMNS
  const startedAtMs = batch.numbers[at + toolNumber.startedAtMs] ?? Number.NaN
  const reference = { batch, row }
  const { low, high } = callHash.ofRow(reference, toolText.toolCallId)
  return {
    kind: 'tool start',
    rank: 1,
    timeMs: Number.isNaN(startedAtMs) ? (batch.numbers[at + toolNumber.eventTimeMs] ?? 0) : startedAtMs,
    row: reference,
    low,
    high,
    taken: false,
  }
}

/** The best that the row knows, in the order of preference of the converter that ships with Dynamo. */
export function readToolEnd(batch: RowBatch, row: number): PendingToolEnd {
  const at = row * NUMBER_COLUMNS
  const { numbers } = batch
  const startedAtMs = numbers[at + toolNumber.startedAtMs] ?? Number.NaN
  const endedAtMs = numbers[at + toolNumber.endedAtMs] ?? Number.NaN
  const durationMs = numbers[at + toolNumber.durationMs] ?? Number.NaN
  let startMs = startedAtMs
  let endMs = Number.isNaN(endedAtMs) ? (numbers[at + toolNumber.eventTimeMs] ?? 0) : endedAtMs
  let isMeasured = true
  if (endedAtMs > startedAtMs) {
    // Both ends were reported.
  } else if (durationMs > 0 && !Number.isNaN(startedAtMs)) {
    endMs = startedAtMs + durationMs
  } else if (durationMs > 0) {
    startMs = Math.max(0, endMs - durationMs)
  } else if (startedAtMs === endedAtMs) {
    endMs = startedAtMs
  } else {
    isMeasured = false
    endMs = Math.max(endMs, Number.isNaN(startedAtMs) ? endMs : startedAtMs)
  }
  const reference = { batch, row }
  const { low, high } = callHash.ofRow(reference, toolText.toolCallId)
  return {
    kind: 'tool end',
    rank: 0,
    timeMs: endMs,
    row: reference,
    low,
    high,
    failed: batch.kinds[row] === rowKind.toolError,
    startedAtMs,
    startMs,
    isMeasured,
    spawns: [],
  }
}
