// SPDX-License-Identifier: Apache-2.0
import type { RowReference } from '../read/row-batch.ts'
import type { PendingStart } from './pending.ts'
import { lowerBound } from './search.ts'

/** The hash of a call's id. */
export interface HashedCall {
  readonly low: number
  readonly high: number
}

/** What a start row says. */
export interface OpenStart {
  readonly toolCallId: string
  readonly toolClass: string
  /** What the output shows of the row. */
  readonly details: Uint8Array | undefined
  /** The row itself, where rows are not forgotten. */
  readonly row: RowReference | undefined
}

/**
 * How far the start that an end row names may lie from the start row's own
 * time: a harness may read its clock once for each.
 */
export const SAME_START_MS = 1000

/**
 * The open calls of one trajectory. Where an id is used again, and where two
 * ids have half of their hashes in common, the calls are kept by start.
 */
export class OpenCalls {
  readonly #calls = new Map<number, PendingStart | PendingStart[]>()
  /** Those that have started no trajectory yet; kept from the first time that somebody asks for them. */
  #fresh: Set<PendingStart> | undefined

  get isEmpty(): boolean {
    return this.#calls.size === 0
  }

  add(call: PendingStart): void {
    this.#fresh?.add(call)
    const others = this.#calls.get(call.low)
    if (others === undefined) this.#calls.set(call.low, call)
    else if (Array.isArray(others)) others.splice(lowerBound(others, call.startMs, startOf), 0, call)
    else this.#calls.set(call.low, others.startMs < call.startMs ? [others, call] : [call, others])
  }

  /**
   * Takes out the call that an end belongs to: the one that started when the
   * end says, give or take the tolerance; the latest if it does not say.
   *
   * @param startedAtMs NaN where the end does not say.
   */
  take(id: HashedCall, startedAtMs: number, toleranceMs: number): PendingStart | undefined {
    const call = this.#take(id, startedAtMs, toleranceMs)
    if (call !== undefined) this.#fresh?.delete(call)
    return call
  }

  #take(id: HashedCall, startedAtMs: number, toleranceMs: number): PendingStart | undefined {
    const calls = this.#calls.get(id.low)
    if (calls === undefined) return undefined
    if (!Array.isArray(calls)) {
      const isIt = calls.high === id.high && !(Math.abs(calls.startMs - startedAtMs) > toleranceMs)
      if (!isIt) return undefined
      this.#calls.delete(id.low)
      return calls
    }
    const index = Number.isNaN(startedAtMs) ? calls.length - 1 : findNearest(calls, startedAtMs, toleranceMs)
    const call = calls[index]
    if (call?.high !== id.high) return undefined
    calls.splice(index, 1)
    if (calls.length === 0) this.#calls.delete(id.low)
    return call
  }

  /** The latest open call with this id. */
  latest({ low, high }: HashedCall): PendingStart | undefined {
    const calls = this.#calls.get(low)
    const latest = Array.isArray(calls) ? calls.at(-1) : calls
    return latest?.high === high ? latest : undefined
  }

  /** Gives a call an edge to a trajectory that it started. */
  spawn(call: PendingStart, edgeId: number): void {
    call.spawns.push(edgeId)
    this.#fresh?.delete(call)
  }

  /** Calls that have started no trajectory yet; the others only where there are none. */
  likelySpawners(): Iterable<PendingStart> {
    this.#fresh ??= new Set([...this].filter(({ spawns }) => spawns.length === 0))
    return this.#fresh.size > 0 ? this.#fresh : this
  }

  *[Symbol.iterator](): Generator<PendingStart, void, undefined> {
    for (const calls of this.#calls.values()) {
      if (Array.isArray(calls)) yield* calls
      else yield calls
    }
  }
}

/** @returns -1 where none is near enough. */
function findNearest(calls: readonly PendingStart[], startMs: number, toleranceMs: number): number {
  const after = lowerBound(calls, startMs, startOf)
  const distance = (index: number): number => {
    const call = calls[index]
    return call === undefined ? Infinity : Math.abs(call.startMs - startMs)
  }
  const nearest = distance(after) <= distance(after - 1) ? after : after - 1
  return distance(nearest) <= toleranceMs ? nearest : -1
}

function startOf(call: PendingStart): number {
  return call.startMs
}
