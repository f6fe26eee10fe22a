// SPDX-License-Identifier: Apache-2.0
import { requestText, toolText } from '../read/columns.ts'
import { copyDetails, textOf, type RowReference } from '../read/row-batch.ts'
import { TextCache } from '../read/text-cache.ts'
import { readAskedCalls, type AskedCalls, type FinishedCall } from './asked-calls.ts'
import { CallHash } from './call-hash.ts'
import type { ModelSink } from './model-sink.ts'
import { OpenCalls, SAME_START_MS, type OpenCall, type OpenStart } from './open-calls.ts'
import type { PendingRequest, PendingToolEnd, PendingToolStart, ToolNode } from './pending.ts'
import { RecentSet } from './recent-set.ts'
import { findSpawn } from './spawn.ts'
import type { Trajectory } from './trajectory.ts'

/** How many things of a trajectory that follow are looked through for what belongs to the one that is settled. */
const LOOK_AHEAD = 256

export interface SettlerOptions {
  readonly sink: ModelSink
  readonly parentOf: (trajectory: Trajectory) => Trajectory | undefined
  /** Rows are never forgotten. */
  readonly keepsRows: boolean
}

/** Settles what happened: says what it was, and to which other happenings it belongs. */
export class Settler {
  readonly #sink: ModelSink
  readonly #parentOf: SettlerOptions['parentOf']
  readonly #keepsRows: boolean
  /** Calls of which an end was read, settled or not. */
  readonly #reported = new RecentSet()
  /** Starts that an end has named. */
  readonly #closed = new RecentSet()
  readonly #hash = new CallHash()
  readonly #classes = new TextCache()
  #nextEdgeId = 1
  /** End rows that report once more what another one has reported. */
  repeatedRows = 0
  /** Calls that started and never ended. */
  unendedCalls = 0

  constructor({ sink, parentOf, keepsRows }: SettlerOptions) {
    this.#sink = sink
    this.#parentOf = parentOf
    this.#keepsRows = keepsRows
  }

  /** Takes note of an end when it is read, which may be long before its turn. */
  noteEnd(trajectory: Trajectory, { low, high }: PendingToolEnd): void {
    trajectory.hasReports = true
    this.#reported.add(mixIn(low, trajectory), high)
  }

  /** Takes note of a request when it is read: it may be the next one that asked calls wait for. */
  noteRequest(trajectory: Trajectory, request: PendingRequest): void {
    const { asked } = trajectory
    if (asked === undefined || request.startMs < asked.startMs) return
    trajectory.asked = undefined
    this.#expectAsked(trajectory, asked, request)
  }

  /** Settles everything of a trajectory up to a time, in order. */
  settle(trajectory: Trajectory, untilMs: number): void {
    const { pending } = trajectory
    // Settling one thing may put in another, so the first one is always looked up anew.
    for (let item = pending.first; item !== undefined && item.timeMs <= untilMs; item = pending.first) {
      pending.drop()
      switch (item.kind) {
        case 'request':
          this.#settleRequest(trajectory, item)
          break
        case 'tool start':
          if (!item.taken) this.#open(trajectory, item)
          break
        case 'tool end':
          this.#settleToolEnd(trajectory, item)
          break
        case 'inference':
          this.#settleAsked(trajectory, item.asked, item.timeMs)
          break
      }
    }
  }

  /** Settles what was waiting for something that never came. */
  finish(trajectory: Trajectory): void {
    this.settle(trajectory, Infinity)
    const { asked, open } = trajectory
    trajectory.asked = undefined
    if (asked !== undefined) this.#settleAsked(trajectory, asked, asked.endMs)
    for (const call of open ?? []) this.#settleUnended(trajectory, call)
    trajectory.open = undefined
  }

  #settleRequest(trajectory: Trajectory, request: PendingRequest): void {
    trajectory.requests++
    if (!trajectory.contextFree) {
      this.#takeResults(trajectory, request)
      this.#findSpawn(trajectory, request)
    }
    this.#sink.request(request)
    this.#settleAsking(trajectory, request)
    trajectory.rememberEnd(request.endMs)
    if (request.startMs < trajectory.lastRequestStartMs) return
    trajectory.lastRequestStartMs = request.startMs
    // Only a request that began earlier and ends later asks for the id.
    trajectory.lastRequestId = trajectory.pending.startsInOrder ? '' : idOf(request)
  }

  #settleAsking(trajectory: Trajectory, request: PendingRequest): void {
    const calls = readAskedCalls(request.row, (bytes, start, length) => {
      const { low, high } = this.#hash.ofBytes(bytes, start, length)
      return this.#reported.has(mixIn(low, trajectory), high)
    })
    if (calls === undefined) return
    const { startMs, endMs } = request
    const asked = { requestId: idOf(request), startMs, endMs, calls }
    const next = this.#firstRequest(trajectory, startMs)
    if (trajectory.lastRequestStartMs > startMs) {
      const overlapping = { requestId: trajectory.lastRequestId, startMs: trajectory.lastRequestStartMs }
      this.#insertAsked(trajectory, asked, overlapping)
    } else if (next !== undefined) {
      this.#expectAsked(trajectory, asked, next)
    } else {
      trajectory.asked = asked
    }
  }

  /** The results of calls that were over when the request began, unless another request began in between. */
  #takeResults(trajectory: Trajectory, request: PendingRequest): void {
    const { waiting } = trajectory
    if (waiting.length === 0) return
    const results: ToolNode[] = []
    let kept = 0
    for (const call of waiting) {
      const overMs = resultMs(call)
      const isOver = overMs <= request.startMs
      if (isOver && this.#firstRequest(trajectory, overMs, request.startMs) === undefined) results.push(call)
      else waiting[kept++] = call
    }
    waiting.length = kept
    request.results = results
  }

  #findSpawn(trajectory: Trajectory, request: PendingRequest): void {
    if (trajectory.hasBegun || trajectory.parentId === undefined) return
    // One that began earlier and takes longer is the first.
    if (this.#firstRequest(trajectory, -Infinity, request.startMs) !== undefined) return
    trajectory.hasBegun = true
    const parent = this.#parentOf(trajectory)
    const spawn = parent && findSpawn(request, parent, this.#nextEdgeId)
    if (spawn === undefined) return
    this.#nextEdgeId++
    request.spawn = spawn
  }

  /**
   * The pending request that starts first, of those that start in this time.
   * Mostly requests end in the order in which they began, and the first one
   * that is met is the one.
   */
  #firstRequest({ pending }: Trajectory, fromMs: number, beforeMs = Infinity): PendingRequest | undefined {
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

  #open(trajectory: Trajectory, start: PendingToolStart): void {
    trajectory.open ??= new OpenCalls()
    trajectory.open.add({
      low: start.low,
      high: start.high,
      startMs: start.timeMs,
      // Only a call that stays open is drawn with what its start row says.
      start: this.#endsSoon(trajectory, start) ? undefined : this.#keepStart(start.row),
      spawns: [],
      isInferred: false,
    })
  }

  /** Whether the next thing that is known of a call is its end. */
  #endsSoon({ pending, open }: Trajectory, start: PendingToolStart): boolean {
    const { low, high, timeMs } = start
    if (open?.latest(start) !== undefined) return false
    for (let ahead = 0; ahead < LOOK_AHEAD; ahead++) {
      const item = pending.at(ahead)
      if (item === undefined) break
      if (item.kind !== 'tool end' && item.kind !== 'tool start') continue
      if (item.low !== low || item.high !== high) continue
      return item.kind === 'tool end' && !(Math.abs(item.startedAtMs - timeMs) > SAME_START_MS)
    }
    return false
  }

  #keepStart(row: RowReference): OpenStart {
    return {
      toolCallId: textOf(row, toolText.toolCallId) ?? '',
      toolClass: this.#classes.textOf(row, toolText.toolClass) ?? '',
      details: copyDetails(row),
      row: this.#keepsRows ? row : undefined,
    }
  }

  #settleToolEnd(trajectory: Trajectory, end: PendingToolEnd): void {
    const start = this.#takeStart(trajectory, end)
    if (!Number.isNaN(end.startedAtMs)) {
      this.#hash.low = mixIn(end.low, trajectory)
      this.#hash.high = end.high
      const { low, high } = this.#hash.startedAt(end.startedAtMs)
      if (!this.#closed.add(low, high) && start === undefined) {
        this.repeatedRows++
        return
      }
    }
    const startMs = Number.isNaN(end.startMs) ? (start?.startMs ?? end.timeMs) : end.startMs
    const isPaired = start !== undefined || !Number.isNaN(end.startMs)
    this.#settleTool({
      kind: 'tool',
      trajectory,
      timing: end.isMeasured ? 'measured' : isPaired ? 'paired' : 'inferred',
      toolClass: this.#classes.textOf(end.row, toolText.toolClass) ?? '',
      failed: end.failed,
      row: end.row,
      startMs,
      endMs: Math.max(startMs, end.timeMs),
      edgeId: this.#nextEdgeId++,
      spawns: start === undefined || start.spawns.length === 0 ? end.spawns : end.spawns.concat(start.spawns),
      hash: end,
    })
  }

  /**
   * Within one millisecond the order of rows means nothing: an end belongs to
   * a call from before if there is one, else to one that starts now.
   */
  #takeStart(trajectory: Trajectory, end: PendingToolEnd): OpenCall | undefined {
    const start = trajectory.open?.take(end, end.startedAtMs, 0)
    if (start !== undefined) return start
    for (let ahead = 0; ; ahead++) {
      const item = trajectory.pending.at(ahead)
      if (item === undefined || item.timeMs > end.timeMs) break
      if (item.kind !== 'tool start' || item.low !== end.low || item.high !== end.high || item.taken) continue
      item.taken = true
      this.#open(trajectory, item)
    }
    return trajectory.open?.take(end, end.startedAtMs, SAME_START_MS)
  }

  #settleUnended(trajectory: Trajectory, { start, startMs, spawns, isInferred }: OpenCall): void {
    // What ends soon has ended.
    if (start === undefined) return
    const { toolCallId, toolClass, details, row } = start
    this.unendedCalls++
    if (!isInferred) trajectory.toolCalls++
    this.#sink.tool({
      kind: 'tool',
      trajectory,
      timing: 'unended',
      toolCallId,
      toolClass,
      failed: false,
      ...(details && { details }),
      ...(row && { row }),
      startMs,
      endMs: Math.max(startMs, trajectory.endMs),
      isTwofold: isInferred,
      edgeId: this.#nextEdgeId++,
      spawns,
    })
  }

  #expectAsked(trajectory: Trajectory, asked: AskedCalls, next: PendingRequest): void {
    this.#insertAsked(trajectory, asked, { requestId: idOf(next), startMs: next.startMs })
  }

  #insertAsked(trajectory: Trajectory, asked: AskedCalls, next: NonNullable<AskedCalls['next']>): void {
    const timeMs = Math.max(asked.endMs, next.startMs)
    trajectory.pending.insert({ kind: 'inference', rank: 2, timeMs, asked: { ...asked, next } })
  }

  /** The calls that nobody reported took, as far as one can tell, until the next request. */
  #settleAsked(trajectory: Trajectory, asked: AskedCalls, endMs: number): void {
    for (const call of asked.calls) {
      if (this.#isReported(trajectory, call)) continue
      const open = call.id === undefined ? undefined : trajectory.open?.latest(this.#hash.ofText(call.id))
      if (open !== undefined) open.isInferred = true
      const isTwofold = open !== undefined
      this.#settleTool({
        kind: 'tool',
        trajectory,
        timing: 'inferred',
        isTwofold,
        toolCallId: call.id ?? 'unknown-tool-call',
        toolClass: call.name ?? 'unknown',
        failed: false,
        asked: { ...call, requestId: asked.requestId, endMs: asked.endMs, ...(asked.next && { next: asked.next }) },
        startMs: asked.endMs,
        endMs,
        edgeId: this.#nextEdgeId++,
        spawns: open === undefined ? call.spawns : call.spawns.concat(open.spawns),
      })
    }
  }

  #isReported(trajectory: Trajectory, { id }: FinishedCall): boolean {
    // A call without an id cannot be told from the reported ones.
    if (id === undefined) return trajectory.hasReports
    const { low, high } = this.#hash.ofText(id)
    return this.#reported.has(mixIn(low, trajectory), high)
  }

  #settleTool(call: ToolNode): void {
    const { trajectory } = call
    trajectory.toolCalls++
    trajectory.cover(call.startMs, call.endMs)
    this.#sink.tool(call)
    // Rows are forgotten sooner than calls that wait for the request which gets their result.
    delete call.row
    if (!trajectory.contextFree && call.isTwofold !== true) trajectory.awaitResult(call)
  }
}

function idOf({ row }: PendingRequest): string {
  return textOf(row, requestText.requestId) ?? ''
}

/** Ids of calls are told apart within a trajectory only. */
function mixIn(low: number, { index }: Trajectory): number {
  return Math.imul(low ^ index, 0x01000193)
}

/** Both clocks count whole milliseconds, so an end within the millisecond of a start counts as before. */
function resultMs({ startMs, endMs }: ToolNode): number {
  return Math.max(startMs, Math.floor(endMs))
}
