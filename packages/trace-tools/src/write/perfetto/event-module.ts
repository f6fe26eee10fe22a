// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal, type WasmMemory } from '../../wasm/load-wasm.ts'

/** Encoded fields of events, kept in the module's memory: where they stand. */
export type Fields = number

export const NO_FIELDS: Fields = 0

/** A lane, or another track, as the module knows it: where it is described in the module's memory. */
export type Lane = number

/** Lanes for spans that come one after the other. */
export type LaneSet = number

/** What `assembly/write.ts` exports. Times are epoch milliseconds; sizes and places are bytes. */
export interface EventModule {
  readonly memory: WasmMemory
  nanoseconds(epochMs: number): bigint

  /** Makes a place for fields: their bytes follow behind four bytes of size. */
  keepFields(size: number): Fields
  keepTrack(low: number, high: number): Lane

  createLaneSet(expectsLate: boolean): LaneSet
  /** Lengthens a set by a lane, and the track for the stages of its requests. */
  addLane(set: LaneSet, low: number, high: number, stagesLow: number, stagesHigh: number): void
  /** The first lane of a set; 0 where it has none. */
  firstLane(set: LaneSet): Lane
  /** Finds the lane of the next span; 0 where the set needs another one. */
  assignLane(set: LaneSet, startMs: number, endMs: number): Lane
  /** From now on a span may come late that begins at this time. */
  markLanes(set: LaneSet, timeMs: number): void

  setFlowSeed(seed: number): void
  /** From now on stages are drawn. */
  setStages(wait: Fields, prefill: Fields, decode: Fields): void
  /** From now on first tokens are marked. */
  setFirstToken(label: Fields): void

  /** An arrow leads to the next request. */
  arrive(edgeId: number, fromMs: number): void
  /** An arrow leads to where the next request ends. */
  arriveAtEnd(edgeId: number): void
  /** An arrow leaves the next slice. */
  leave(edgeId: number): void
  /**
   * Draws a slice. Two instants of one moment would be drawn one inside the other: where that may be, a slice of no
   * length is better.
   *
   * @param size Of its details, which the caller puts where this returns.
   * @param facts What it says behind them.
   */
  drawSlice(
    lane: Lane,
    label: Fields,
    identity: Fields,
    size: number,
    facts: Fields,
    startMs: number,
    endMs: number,
  ): number
  /** Draws a request with its stages, which are durations from the start; NaN where nothing says when decode began. */
  drawRequest(
    lane: Lane,
    label: Fields,
    identity: Fields,
    size: number,
    startMs: number,
    endMs: number,
    waitEndMs: number,
    prefillEndMs: number,
    decodeStartMs: number,
  ): number
  drawCounter(track: Lane, timeMs: number, value: number): void

  /** Lengthens the packets. */
  claim(size: number): number
  /** Where the packets stand. */
  readonly outputAt: WasmGlobal
  /** Of all packets together. */
  outputBytes(): number
  /** Takes back all packets but so many bytes of them. */
  cutTo(bytes: number): void
}

export function createEventModule(): EventModule {
  return loadWasm('write') as EventModule
}
