// SPDX-License-Identifier: Apache-2.0
import { arrowBytes, forgetArrows, leaving, putLeaving } from './arrows'
import { EVENT_BYTES, putEvent, SLICE_BEGIN, SLICE_END } from './event'
import { appendFields, sizeOf, Fields } from './fields'
import { append, reserve } from '../output'
import { nanoseconds } from './time'
import { Lane } from './track'

/**
 * Draws a slice that the expected arrows leave from.
 *
 * @param identity What it says of its trajectory.
 * @param details What the encoder made of its row, and how many bytes.
 * @param facts What it says behind them.
 */
export function drawSlice(
  lane: Lane,
  label: Fields,
  identity: Fields,
  details: usize,
  size: u32,
  facts: Fields,
  startMs: f64,
  endMs: f64,
): void {
  const arrows = leaving()
  const fieldBytes = sizeOf(label) + sizeOf(identity) + size + sizeOf(facts) + arrows
  reserve(2 * EVENT_BYTES + fieldBytes + arrowBytes())
  putEvent(SLICE_BEGIN, lane.track, nanoseconds(startMs), fieldBytes)
  appendFields(label)
  appendFields(identity)
  append(details, size)
  appendFields(facts)
  putLeaving()
  forgetArrows()
  putEvent(SLICE_END, lane.track, nanoseconds(endMs), 0)
}
