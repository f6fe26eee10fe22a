// SPDX-License-Identifier: Apache-2.0
import { COUNTER, EVENT_BYTES, putEvent } from './event'
import { advance, end, reserve } from '../output'
import { nanoseconds } from './time'
import { Lane } from './track'
import { fitsVarint, putVarint, varintSize } from '../varint'

const COUNTER_VALUE: u32 = 30 << 3
const DOUBLE_COUNTER_VALUE: u32 = (44 << 3) | 1
const TAG_BYTES: u32 = 2

/** From a time on a counter has this value. */
export function drawCounter(track: Lane, timeMs: f64, value: f64): void {
  const time = nanoseconds(timeMs)
  reserve(2 * EVENT_BYTES)
  if (fitsVarint(value)) {
    const integer = <u64>value
    putEvent(COUNTER, track.track, time, TAG_BYTES + varintSize(integer))
    putTag(COUNTER_VALUE)
    advance(putVarint(end, integer) - end)
  } else {
    putEvent(COUNTER, track.track, time, TAG_BYTES + 8)
    putTag(DOUBLE_COUNTER_VALUE)
    store<f64>(advance(8), value)
  }
}

function putTag(tag: u32): void {
  putVarint(advance(TAG_BYTES), tag)
}
