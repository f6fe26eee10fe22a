// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../read/columns.ts'
import { textOf } from '../read/row-batch.ts'
import type { Activities } from './activities.ts'
import { readAskedCalls, type AskedCalls } from './asked-calls.ts'
import { EdgeIds } from './edge-ids.ts'
import type { ModelSink } from './model-sink.ts'
import { LOOK_AHEAD, type PendingCall, type PendingRequest } from './pending.ts'
import { CallSettler } from './settle-calls.ts'
import { findSpawn } from './spawn.ts'
import type { Trajectory } from './trajectory.ts'

export interface SettlerOptions {
  readonly sink: ModelSink
  readonly activities: Activities
  readonly parentOf: (trajectory: Trajectory) => Trajectory | undefined
  /** Rows are never forgotten. */
  readonly keepsRows: boolean
}

/** Settles what happened: says what it was, and to which other happenings it belongs. */
export class Settler {
  readonly calls: CallSettler
  readonly #sink: ModelSink
  readonly #activities: Activities
  readonly #parentOf: SettlerOptions['parentOf']
  readonly #edgeIds = new EdgeIds()

  constructor({ sink, activities, parentOf, keepsRows }: SettlerOptions) {
    this.#sink = sink
    this.#activities = activities
    this.#parentOf = parentOf
    this.calls = new CallSettler({ sink, activities, edgeIds: this.#edgeIds, keepsRows })
  }

  /** Takes note of a request when it is read: it may be the next one that asked calls wait for. */
  noteRequest(trajectory: Trajectory, request: PendingRequest): void {
    const { asked } = trajectory
    if (asked === undefined || request.startMs < asked.startMs) return
    trajectory.asked = undefined
    expectAsked(trajectory, asked, request)
  }

  /** Settles everything of a trajectory up to a time, in order. */
  settle(trajectory: Trajectory, untilMs: number): void {
    const { pending } = trajectory
    // Settling one thing may put in another, so the first one is always looked up anew.
    for (let item = pending.takeUntil(untilMs); item !== undefined; item = pending.takeUntil(untilMs)) {
      switch (item.kind) {
        case 'request':
          this.#settleRequest(trajectory, item)
          break
        case 'tool start':
          if (!item.isTaken) this.calls.open(trajectory, item)
          break
        case 'tool':
          this.calls.settleEnd(trajectory, item)
          break
        case 'inference':
          this.calls.settleAsked(trajectory, item.asked, item.timeMs)
          break
      }
    }
  }

  /**
   * Settles what was waiting for something that never came. What began and
   * never ended lasts up to the end of the trajectory, so the first to start
   * comes first; a call that was only asked for is drawn longer than it is.
   */
  finish(trajectory: Trajectory): void {
    this.settle(trajectory, Infinity)
    const { asked, open } = trajectory
    trajectory.asked = undefined
    if (asked !== undefined) this.calls.noteInferred(trajectory, asked)
    const unended = [...(open ?? [])].sort((a, b) => a.startMs - b.startMs)
    for (const call of unended) if (!call.isInferred) this.calls.settleUnended(trajectory, call)
    if (asked !== undefined) this.calls.settleAsked(trajectory, asked, asked.endMs)
    for (const call of unended) if (call.isInferred) this.calls.settleUnended(trajectory, call)
    trajectory.open = undefined
  }

  #settleRequest(trajectory: Trajectory, request: PendingRequest): void {
    trajectory.requests++
    if (!trajectory.contextFree) {
      request.results = takeResults(trajectory, request)
      this.#findSpawn(trajectory, request)
    }
    this.#sink.request(request)
    this.#settleAsking(trajectory, request)
    trajectory.rememberEnd(request.endMs)
    if (request.startMs >= trajectory.lastRequestStartMs) {
      trajectory.lastRequestStartMs = request.startMs
      // Only a request that began earlier and ends later asks for the id.
      trajectory.lastRequestId = trajectory.pending.startsInOrder ? '' : idOf(request)
    }
    for (const call of request.results) this.#activities.forgetCall(call)
    this.#activities.forgetRequest(request)
  }

  #settleAsking(trajectory: Trajectory, request: PendingRequest): void {
    const calls = readAskedCalls(request.row, (low, high) => this.calls.isReported(trajectory, low, high))
    if (calls === undefined) return
    this.calls.markReported(trajectory, calls)
    const { startMs, endMs } = request
    const asked = { requestId: idOf(request), startMs, endMs, calls }
    const next = firstRequest(trajectory, startMs)
    if (trajectory.lastRequestStartMs > startMs) {
      const overlapping = { requestId: trajectory.lastRequestId, startMs: trajectory.lastRequestStartMs }
      insertAsked(trajectory, asked, overlapping)
    } else if (next !== undefined) {
      expectAsked(trajectory, asked, next)
    } else {
      trajectory.asked = asked
    }
  }

  #findSpawn(trajectory: Trajectory, request: PendingRequest): void {
    if (trajectory.hasBegun || trajectory.parentId === undefined) return
    // One that began earlier and takes longer is the first.
    if (firstRequest(trajectory, -Infinity, request.startMs) !== undefined) return
    trajectory.hasBegun = true
    const parent = this.#parentOf(trajectory)
    const spawn = parent && findSpawn(request, parent, this.#edgeIds.next)
    if (spawn === undefined) return
    this.#edgeIds.take()
    request.spawn = spawn
  }
}

/** The results of calls that were over when the request began, unless another request began in between. */
function takeResults(trajectory: Trajectory, { startMs }: PendingRequest): readonly PendingCall[] {
  return trajectory.waiting.take((call) => {
    const overMs = resultMs(call)
    return overMs <= startMs && firstRequest(trajectory, overMs, startMs) === undefined
  })
}

/** Both clocks count whole milliseconds, so an end within the millisecond of a start counts as before. */
function resultMs({ startMs, endMs }: PendingCall): number {
  return Math.max(startMs, Math.floor(endMs))
}

/**
 * The pending request that starts first, of those that start in this time.
 * Mostly requests end in the order in which they began, and the first one
 * that is met is the one.
 */
function firstRequest({ pending }: Trajectory, fromMs: number, beforeMs = Infinity): PendingRequest | undefined {
  let first: PendingRequest | undefined
  for (let ahead = 0; ahead < LOOK_AHEAD; ahead++) {
    const item = pending.at(ahead)
    if (item === undefined) break
    if (item.kind !== 'request') continue
    const isWithin = item.startMs >= fromMs && item.startMs < beforeMs
    if (isWithin && (first === undefined || item.startMs < first.startMs)) first = item
    if (pending.startsInOrder && item.startMs >= fromMs) break
  }
  return first
}

function expectAsked(trajectory: Trajectory, asked: AskedCalls, next: PendingRequest): void {
  insertAsked(trajectory, asked, { requestId: idOf(next), startMs: next.startMs })
}

function insertAsked(trajectory: Trajectory, asked: AskedCalls, next: NonNullable<AskedCalls['next']>): void {
  const timeMs = Math.max(asked.endMs, next.startMs)
  trajectory.pending.insert({ kind: 'inference', rank: 2, timeMs, asked: { ...asked, next } })
}

function idOf({ row }: PendingRequest): string {
  return textOf(row, requestText.requestId) ?? ''
}
