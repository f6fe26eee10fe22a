// SPDX-License-Identifier: Apache-2.0
import { advance } from '../output'

/** Bytes that an arrow's end takes. */
export const ARROW_BYTES: u32 = 10

const FLOW_IDS: u32 = (47 << 3) | 1
const TERMINATING_FLOW_IDS: u32 = (48 << 3) | 1

/** Whether arrows are drawn. */
export let drawsArrows: bool = false

export function setArrows(draws: bool): void {
  drawsArrows = draws
}

/** Upper half of the ids of flows, which differs from file to file so that files may be concatenated. */
let flowSeed: i32 = 0

export function setFlowSeed(seed: i32): void {
  flowSeed = seed
}

@unmanaged
class Arrow {
  /** When it leaves. */
  fromMs: f64
  edgeId: i32
}

const STRIDE = offsetof<Arrow>()

/** The arrows of the span that is drawn next, the latest first. */
let room: usize = 16
let arrows: usize = heap.alloc(room * STRIDE)
let count: usize = 0

/** What arrives where the next request ends. */
let atEnd: i32 = 0
let hasEnd: bool = false

@inline
export function arrow(place: usize): Arrow {
  return changetype<Arrow>(arrows + place * STRIDE)
}

/**
 * An arrow leads to the next request.
 *
 * The engine turns an arrow around whose target begins before its source. The
 * clocks of harness and frontend differ, and a row's start has whole
 * milliseconds where an end has fractions, so a request may seem to begin
 * before the tool call that it waited for; then the arrow arrives at the first
 * part of the request that begins later, and at none if there is no such part.
 */
export function arrive(edgeId: i32, fromMs: f64): void {
  makeRoom()
  let place = count++
  while (place > 0 && arrow(place - 1).fromMs < fromMs) {
    memory.copy(arrows + place * STRIDE, arrows + (place - 1) * STRIDE, STRIDE)
    place--
  }
  arrow(place).fromMs = fromMs
  arrow(place).edgeId = edgeId
}

/** An arrow leads to where the next request ends. */
export function arriveAtEnd(edgeId: i32): void {
  atEnd = edgeId
  hasEnd = true
}

/** An arrow leaves the next slice. */
export function leave(edgeId: i32): void {
  makeRoom()
  arrow(count++).edgeId = edgeId
}

function makeRoom(): void {
  if (count < room) return
  const moved = heap.alloc(room * 2 * STRIDE)
  memory.copy(moved, arrows, count * STRIDE)
  arrows = moved
  room *= 2
}

/** Bytes that all arrows may take. */
export function arrowBytes(): u32 {
  return (<u32>count + 1) * ARROW_BYTES
}

/** Bytes of the arrows that can arrive at what begins at a time. */
export function arrivingBy(timeMs: f64): u32 {
  let due: usize = 0
  while (due < count && arrow(count - 1 - due).fromMs <= timeMs) due++
  return <u32>due * ARROW_BYTES
}

/** Puts arrows of so many bytes into the event that was begun, so that they do not arrive again. */
export function putArriving(size: u32): void {
  for (let rest = size; rest > 0; rest -= ARROW_BYTES) put(TERMINATING_FLOW_IDS, arrow(--count).edgeId)
}

/** Bytes of the arrow that arrives where the request ends. */
export function arrivingAtEnd(): u32 {
  return hasEnd ? ARROW_BYTES : 0
}

export function putArrivingAtEnd(): void {
  if (hasEnd) put(TERMINATING_FLOW_IDS, atEnd)
}

/** Bytes of all arrows that leave. */
export function leaving(): u32 {
  return <u32>count * ARROW_BYTES
}

export function putLeaving(): void {
  for (let place: usize = 0; place < count; place++) put(FLOW_IDS, arrow(place).edgeId)
}

/** Forgets the arrows that had nowhere to arrive. */
export function forgetArrows(): void {
  count = 0
  hasEnd = false
}

function put(tag: u32, edgeId: i32): void {
  const at = advance(ARROW_BYTES)
  store<u8>(at, <u8>tag | 0x80)
  store<u8>(at, <u8>(tag >>> 7), 1)
  store<i32>(at, edgeId, 2)
  store<i32>(at, flowSeed, 6)
}
