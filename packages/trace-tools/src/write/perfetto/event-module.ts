// SPDX-License-Identifier: Apache-2.0
import { loadWasm, type WasmGlobal } from '../../wasm/load-wasm.ts'
import type { SpanTaker } from '../../wasm/span-copy.ts'

/** Encoded fields of events, kept in the module's memory: where they stand. */
export type Fields = number

export const NO_FIELDS: Fields = 0

/** A lane, or another track, as the module knows it: where it is described in the module's memory. */
export type Lane = number

/** Lanes for spans that come one after the other. */
export type LaneSet = number

/** What `assembly/write.ts` exports. Times are epoch milliseconds; sizes and places are bytes. */
export interface EventModule extends SpanTaker {
  nanoseconds(epochMs: number): bigint

  /** Makes a place for fields: their bytes follow behind four bytes of size. */
  keepFields(size: number): Fields
  keepTrack(low: number, high: number): Lane

  /** Makes a set of lanes that hang on a track. @param kind See lane-kinds.ts. */
  createLaneSet(kind: number, low: number, high: number): LaneSet
  /** Lengthens a set by a lane, and the track for the stages of its requests. */
  addLane(set: LaneSet, low: number, high: number, stagesLow: number, stagesHigh: number): void
  /** The first lane of a set, for marks: they may stand where anything else is. */
  firstLane(set: LaneSet): Lane
  /** Finds the lane of the next span. */
  laneFor(set: LaneSet, startMs: number, endMs: number): Lane
  /** From now on a span may come late that begins at this time. */
  markLanes(set: LaneSet, timeMs: number): void

  setFlowSeed(seed: number): void
  /** From now on stages are drawn. */
  setStages(wait: Fields, prefill: Fields, decode: Fields): void
  /** From now on first tokens are marked. */
  setFirstToken(label: Fields): void
  setSessionEnd(label: Fields): void
  setArrows(draws: boolean): void
  /** What arrows leave from that lead to a trajectory, and what is said of how they are known. */
  setDepartures(label: Fields, measured: Fields, derived: Fields, inferred: Fields): void
  /** What is said of calls that were reported. @param timing By its number in told.ts. */
  setFacts(timing: number, isStretched: boolean, facts: Fields): void

  /** A trajectory is going to be drawn: what all its slices say of it, and the halves of its track. */
  openTrajectory(trajectory: number, identity: Fields, low: number, high: number): void
  /** Draws spans that were copied. @param extras What is added to each of them, see span-extras.ts. */
  drawSpans(spans: number, bytes: number, extras: number): void

  /** An arrow leaves the next slice. */
  leave(edgeId: number): void
  /**
   * Draws a slice. Two instants of one moment would be drawn one inside the other: where that may be, a slice of no
   * length is better.
   *
   * @param details What the encoder made of its row, and how many bytes.
   * @param facts What it says behind them.
   */
  drawSlice(
    lane: Lane,
    label: Fields,
    identity: Fields,
    details: number,
    size: number,
    facts: Fields,
    startMs: number,
    endMs: number,
  ): void
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

/** What it asks; see assembly/write/host.ts. */
export interface EventHost {
  describeLane(set: LaneSet, kind: number, low: number, high: number, number: number): void
}

export function createEventModule(host: EventHost): EventModule {
  return loadWasm('write', { host: { ...host } }) as EventModule
}
