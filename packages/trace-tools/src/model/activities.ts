// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, requestNumber, rowKind, toolNumber } from '../read/columns.ts'
import { callsBefore, type RowBatch } from '../read/row-batch.ts'
import { none, PendingCall, PendingRequest, PendingStart } from './pending.ts'
import { Pool } from './pool.ts'
import type { Trajectory } from './trajectory.ts'

/** Makes activities of rows, and takes back those that nobody looks at any more. */
export class Activities {
  readonly #requests = new Pool<PendingRequest>()
  readonly #starts = new Pool<PendingStart>()
  readonly #calls = new Pool<PendingCall>()

  /**
   * A row without the time it was received starts at its event, as in the
   * converter that ships with Dynamo; its stages are divided by that one's
   * rules too: the time to first token parts prefill from decode; wait and
   * prefill are laid out from the start and end there at the latest; without a
   * time to first token nothing says where decode began, so there is none.
   */
  readRequest(batch: RowBatch, row: number, trajectory: Trajectory): PendingRequest {
    const at = row * NUMBER_COLUMNS
    const { numbers } = batch
    const eventMs = numbers[at + requestNumber.eventTimeMs] ?? 0
    const receivedMs = numbers[at + requestNumber.receivedMs] ?? Number.NaN
    const total = numbers[at + requestNumber.totalMs] ?? Number.NaN
    const waitMs = numbers[at + requestNumber.prefillWaitMs] ?? Number.NaN
    const prefillMs = numbers[at + requestNumber.prefillMs] ?? Number.NaN
    const startMs = Number.isNaN(receivedMs) ? eventMs : receivedMs
    const totalMs = total >= 0 ? total : Math.max(0, eventMs - startMs)
    const decodeStartMs = clamp(numbers[at + requestNumber.ttftMs] ?? Number.NaN, 0, totalMs)
    const boundaryMs = Number.isNaN(decodeStartMs) ? totalMs : decodeStartMs
    const waitEndMs = Number.isNaN(waitMs) ? 0 : clamp(waitMs, 0, boundaryMs)

    const request = this.#requests.take() ?? new PendingRequest(trajectory)
    request.trajectory = trajectory
    request.row.pointAt(batch, row)
    request.startMs = startMs
    request.endMs = startMs + totalMs
    // Both clocks count whole milliseconds: a tool call that ended in the one in which the request began comes first.
    request.timeMs = Math.max(startMs + totalMs, Math.floor(startMs) + 1)
    request.waitEndMs = waitEndMs
    request.prefillEndMs = Number.isNaN(prefillMs) ? waitEndMs : clamp(waitEndMs + prefillMs, waitEndMs, boundaryMs)
    request.decodeStartMs = decodeStartMs
    request.results = none
    request.spawn = undefined
    return request
  }

  readToolStart(batch: RowBatch, row: number): PendingStart {
    const at = row * NUMBER_COLUMNS
    const startedAtMs = batch.numbers[at + toolNumber.startedAtMs] ?? Number.NaN
    const start = this.#starts.take() ?? new PendingStart()
    start.row.pointAt(batch, row)
    start.timeMs = Number.isNaN(startedAtMs) ? (batch.numbers[at + toolNumber.eventTimeMs] ?? 0) : startedAtMs
    const id = callsBefore(start.row) * 2
    start.low = batch.calls[id] ?? 0
    start.high = batch.calls[id + 1] ?? 0
    start.isTaken = false
    start.start = undefined
    start.isInferred = false
    clear(start.spawns)
    return start
  }

  /** The best that the row knows, in the order of preference of the converter that ships with Dynamo. */
  readToolEnd(batch: RowBatch, row: number, trajectory: Trajectory): PendingCall {
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
    const call = this.#takeCall(trajectory)
    call.end.pointAt(batch, row)
    call.row = call.end
    call.timeMs = endMs
    const id = callsBefore(call.end) * 2
    call.low = batch.calls[id] ?? 0
    call.high = batch.calls[id + 1] ?? 0
    call.failed = batch.kinds[row] === rowKind.toolError
    call.startedAtMs = startedAtMs
    call.startMs = startMs
    call.endMs = endMs
    call.isMeasured = isMeasured
    return call
  }

  /** A call of which there is no end row. */
  makeCall(trajectory: Trajectory): PendingCall {
    const call = this.#takeCall(trajectory)
    call.row = undefined
    call.low = 0
    call.high = 0
    call.failed = false
    return call
  }

  forgetRequest(request: PendingRequest): void {
    this.#requests.give(request)
  }

  forgetStart(start: PendingStart): void {
    this.#starts.give(start)
  }

  forgetCall(call: PendingCall): void {
    this.#calls.give(call)
  }

  #takeCall(trajectory: Trajectory): PendingCall {
    const call = this.#calls.take() ?? new PendingCall(trajectory)
    call.trajectory = trajectory
    call.toolCallId = undefined
    call.details = undefined
    call.asked = undefined
    call.isTwofold = false
    clear(call.spawns)
    return call
  }
}

/** To set the length is slow even where it is 0 already. */
function clear(list: unknown[]): void {
  if (list.length > 0) list.length = 0
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
