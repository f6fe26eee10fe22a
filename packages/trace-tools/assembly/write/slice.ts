// SPDX-License-Identifier: Apache-2.0
import { arrowBytes, forgetArrows, leaving, putLeaving } from './arrows'
import { EVENT_BYTES, putEvent, SLICE_BEGIN, SLICE_END } from './event'
import { appendFields, sizeOf, Fields } from './fields'
import { advance, reserve } from '../output'
import { nanoseconds } from './time'
import { Lane } from './track'

/**
 * Draws a slice that the expected arrows leave from.
 *
 * @param identity What it says of its trajectory.
 * @param size Bytes of its details.
 * @param facts What it says behind them.
 * @returns Where the caller puts the details.
 */
export function drawSlice(
  lane: Lane,
  label: Fields,
  identity: Fields,
  size: u32,
  facts: Fields,
  startMs: f64,
  endMs: f64,
): usize {
  const arrows = leaving()
  const fieldBytes = sizeOf(label) + sizeOf(identity) + size + sizeOf(facts) + arrows
  reserve(2 * EVENT_BYTES + fieldBytes + arrowBytes())
  putEvent(SLICE_BEGIN, lane.track, nanoseconds(startMs), fieldBytes)
  appendFields(label)
  appendFields(identity)
  const details = advance(size)
  appendFields(facts)
  putLeaving()
  forgetArrows()
  putEvent(SLICE_END, lane.track, nanoseconds(endMs), 0)
  return details
}
