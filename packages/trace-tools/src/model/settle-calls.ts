// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import { toolText } from '../read/columns.ts'
import { copyDetails, textOf, type RowReference } from '../read/row-batch.ts'
import { TextCache } from '../read/text-cache.ts'
import type { Activities } from './activities.ts'
import type { AskedCalls, FinishedCall } from './asked-calls.ts'
import type { EdgeIds } from './edge-ids.ts'
import type { ModelSink } from './model-sink.ts'
import { OpenCalls, SAME_START_MS, type HashedCall, type OpenStart } from './open-calls.ts'
import { LOOK_AHEAD, none, type PendingCall, type PendingStart } from './pending.ts'
import type { PendingQueue } from './pending-queue.ts'
import { RecentSet } from './recent-set.ts'
import type { Trajectory } from './trajectory.ts'

/** Of the whole trace; what belongs together lies within minutes. */
const REMEMBERED_CALLS = 1 << 16

export interface CallSettlerOptions {
  readonly sink: ModelSink
  readonly activities: Activities
  readonly edgeIds: EdgeIds
  /** Rows are never forgotten. */
  readonly keepsRows: boolean
}

/** Settles tool calls: those that were reported, those that only the model speaks of, and those that never ended. */
export class CallSettler {
  readonly #sink: ModelSink
  readonly #activities: Activities
  readonly #edgeIds: EdgeIds
  readonly #keepsRows: boolean
  /** Calls of which an end was read, settled or not. */
  readonly #reported = new RecentSet(REMEMBERED_CALLS)
  /** Starts that an end has named. */
  readonly #closed = new RecentSet(REMEMBERED_CALLS)
  readonly #classes = new TextCache()
  readonly #hash = new CallHash()
  /** End rows that report once more what another one has reported. */
  repeatedRows = 0
  /** Calls that started and never ended. */
  unendedCalls = 0

  constructor({ sink, activities, edgeIds, keepsRows }: CallSettlerOptions) {
    this.#sink = sink
    this.#activities = activities
    this.#edgeIds = edgeIds
    this.#keepsRows = keepsRows
  }

  /** Takes note of an end when it is read, which may be long before its turn. */
  noteEnd(trajectory: Trajectory, { low, high }: HashedCall): void {
    trajectory.hasReports = true
    this.#reported.add(mixIn(low, trajectory), high)
    // As in markReported, for the end of a call that was asked for before.
    for (const call of trajectory.asked?.calls ?? none) {
      if (call.hash?.low === low && call.hash.high === high) call.isReported = true
    }
  }

  /** Marks the calls whose ends were read: the next request may be hours away, and by then the ends forgotten. */
  markReported(trajectory: Trajectory, calls: readonly FinishedCall[]): void {
    for (const call of calls) {
      if (call.hash !== undefined) call.isReported = this.isReported(trajectory, call.hash.low, call.hash.high)
    }
  }

  /** Whether the end of a call was read. */
  isReported(trajectory: Trajectory, low: number, high: number): boolean {
    return this.#reported.has(mixIn(low, trajectory), high)
  }

  open(trajectory: Trajectory, start: PendingStart): void {
    // Only a call that stays open is drawn with what its start row says.
    if (!endsSoon(trajectory, start)) start.start = this.#keepStart(start.row)
    trajectory.open ??= new OpenCalls()
    trajectory.open.add(start)
  }

  settleEnd(trajectory: Trajectory, call: PendingCall): void {
    const start = this.#takeStart(trajectory, call)
    if (this.#isRepeated(call, start)) {
      this.repeatedRows++
      this.#activities.forgetCall(call)
      return
    }
    const isPaired = start !== undefined || !Number.isNaN(call.startMs)
    const endMs = call.timeMs
    if (Number.isNaN(call.startMs)) call.startMs = start?.startMs ?? endMs
    call.endMs = Math.max(call.startMs, endMs)
    call.timing = call.isMeasured ? 'measured' : isPaired ? 'paired' : 'inferred'
    call.toolClass = this.#classes.textOf(call.end, toolText.toolClass) ?? ''
    if (start !== undefined) {
      append(call.spawns, start.spawns)
      // One that is still pending comes back to be dropped.
      if (!start.isTaken) this.#activities.forgetStart(start)
    }
    if (trajectory.hasAskedSpawns) takeAskedSpawns(trajectory, call)
    this.#settle(call)
  }

  /** A call that started and never ended. */
  settleUnended(trajectory: Trajectory, { start, startMs, spawns, isInferred }: PendingStart): void {
    // What ends soon has ended.
    if (start === undefined) return
    const call = this.#activities.makeCall(trajectory)
    call.timing = 'unended'
    call.toolCallId = start.toolCallId
    call.toolClass = start.toolClass
    call.details = start.details
    call.row = start.row
    call.startMs = startMs
    call.endMs = Math.max(startMs, trajectory.endMs)
    call.isTwofold = isInferred
    call.edgeId = this.#edgeIds.take()
    append(call.spawns, spawns)
    this.unendedCalls++
    if (!isInferred) trajectory.toolCalls++
    this.#sink.tool(call)
    this.#activities.forgetCall(call)
  }

  /** Notes which open calls `settleAsked` will tell of. */
  noteInferred(trajectory: Trajectory, { calls }: AskedCalls): void {
    for (const call of calls) {
      const open = call.hash && findOpen(trajectory, call.hash)
      if (open !== undefined && !this.#isToldOf(trajectory, call)) open.isInferred = true
    }
  }

  /** The calls that nobody reported took, as far as one can tell, until the next request. */
  settleAsked(trajectory: Trajectory, asked: AskedCalls, endMs: number): void {
    for (const askedCall of asked.calls) {
      const { id, hash, name, choiceIndex, toolCallIndex, spawns } = askedCall
      if (this.#isToldOf(trajectory, askedCall)) continue
      const open = hash && findOpen(trajectory, hash)
      const call = this.#activities.makeCall(trajectory)
      call.timing = 'inferred'
      call.toolCallId = id ?? 'unknown-tool-call'
      call.toolClass = name ?? 'unknown'
      call.asked = {
        id,
        name,
        choiceIndex,
        toolCallIndex,
        requestId: asked.requestId,
        startMs: asked.startMs,
        endMs: asked.endMs,
        ...(asked.next && { next: asked.next }),
      }
      call.startMs = asked.endMs
      call.endMs = endMs
      append(call.spawns, spawns)
      if (open !== undefined) {
        open.isInferred = true
        call.isTwofold = true
        append(call.spawns, open.spawns)
      }
      this.#settle(call)
    }
  }

  #settle(call: PendingCall): void {
    const { trajectory } = call
    call.edgeId = this.#edgeIds.take()
    trajectory.toolCalls++
    trajectory.cover(call.startMs, call.endMs)
    this.#sink.tool(call)
    // Rows are forgotten sooner than calls that wait for the request which gets their result.
    call.row = undefined
    const forgotten = trajectory.contextFree || call.isTwofold ? call : trajectory.waiting.add(call)
    if (forgotten !== undefined) this.#activities.forgetCall(forgotten)
  }

  #isRepeated(call: PendingCall, start: PendingStart | undefined): boolean {
    if (Number.isNaN(call.startedAtMs)) return false
    this.#hash.low = mixIn(call.low, call.trajectory)
    this.#hash.high = call.high
    const { low, high } = this.#hash.startedAt(call.startedAtMs)
    return !this.#closed.add(low, high) && start === undefined
  }

  /** Somebody reported it. */
  #isToldOf(trajectory: Trajectory, { hash, isReported }: FinishedCall): boolean {
    if (isReported) return true
    // A call without an id cannot be told from the reported ones.
    return hash === undefined ? trajectory.hasReports : this.isReported(trajectory, hash.low, hash.high)
  }

  #keepStart(row: RowReference): OpenStart {
    return {
      toolCallId: textOf(row, toolText.toolCallId) ?? '',
      toolClass: this.#classes.textOf(row, toolText.toolClass) ?? '',
      details: copyDetails(row),
      row: this.#keepsRows ? { batch: row.batch, row: row.row } : undefined,
    }
  }

  /**
   * Within one millisecond the order of rows means nothing: an end belongs to
   * a call from before if there is one, else to one that starts now.
   */
  #takeStart(trajectory: Trajectory, end: PendingCall): PendingStart | undefined {
    const start = trajectory.open?.take(end, end.startedAtMs, 0)
    if (start !== undefined) return start
    for (let ahead = 0; ; ahead++) {
      const item = trajectory.pending.at(ahead)
      if (item === undefined || item.timeMs > end.timeMs) break
      if (item.kind !== 'tool start' || item.low !== end.low || item.high !== end.high || item.isTaken) continue
      item.isTaken = true
      this.open(trajectory, item)
    }
    return trajectory.open?.take(end, end.startedAtMs, SAME_START_MS)
  }
}

/** The start of a call that has no end: one that is open, or one that is about to be. */
function findOpen({ open, pending }: Trajectory, id: HashedCall): PendingStart | undefined {
  const latest = open?.latest(id)
  if (latest !== undefined) return latest
  const next = nextOf(pending, id)
  return next?.kind === 'tool start' ? next : undefined
}

/** Whether the next thing that is known of a call is its end. */
function endsSoon({ pending, open }: Trajectory, start: PendingStart): boolean {
  if (open?.latest(start) !== undefined) return false
  const next = nextOf(pending, start)
  return next?.kind === 'tool' && !(Math.abs(next.startedAtMs - start.timeMs) > SAME_START_MS)
}

/** What is pending of a call, the earliest, as far as is looked ahead. */
function nextOf(pending: PendingQueue, { low, high }: HashedCall): PendingStart | PendingCall | undefined {
  for (let ahead = 0; ahead < LOOK_AHEAD; ahead++) {
    const item = pending.at(ahead)
    if (item === undefined) break
    if (item.kind !== 'tool' && item.kind !== 'tool start') continue
    if (item.low === low && item.high === high) return item
  }
  return undefined
}

/**
 * Gives a call the edges to trajectories that began while only the request
 * that asked for it was known: it has been reported after all.
 */
function takeAskedSpawns({ asked, pending }: Trajectory, call: PendingCall): void {
  const lists = [asked?.calls ?? []]
  for (const item of pending.ahead(LOOK_AHEAD)) if (item.kind === 'inference') lists.push(item.asked.calls)
  for (const { hash, spawns } of lists.flat()) {
    if (hash?.low === call.low && hash.high === call.high) append(call.spawns, spawns.splice(0))
  }
}

/** One call may start more trajectories than a function takes arguments. */
function append(edgeIds: number[], more: readonly number[]): void {
  for (const edgeId of more) edgeIds.push(edgeId)
}

/** Ids of calls are told apart within a trajectory only. */
function mixIn(low: number, { index }: Trajectory): number {
  return Math.imul(low ^ index, 0x01000193)
}
