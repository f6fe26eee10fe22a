// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'
import { STRIDE, TimedValue, TimedValues } from './timed-values'

/** Sorts a list by time, merging ever longer runs. */
export function sort(list: TimedValues): void {
  const count = list.count
  if (count < 2) return
  const spare = allocate(count * STRIDE)
  for (let run: u32 = 1; run < count; run *= 2) {
    for (let from: u32 = 0; from + run < count; from += run * 2) {
      merge(list, from, from + run, min(from + run * 2, count), spare)
    }
  }
  release(spare, count * STRIDE)
}

/** Merges two runs, one behind the other. */
function merge(list: TimedValues, from: u32, middle: u32, end: u32, spare: usize): void {
  if (!(list.at(middle - 1).timeMs > list.at(middle).timeMs)) return
  // Only the first run is moved out of the way.
  let spareEnd = spare
  for (let index = from; index < middle; index++, spareEnd += STRIDE) copy(list.at(index), spareEnd)
  let first = spare
  let second = middle
  for (let to = from; first < spareEnd; to++) {
    const item = changetype<TimedValue>(first)
    const isSecond = second < end && list.at(second).timeMs < item.timeMs
    copy(isSecond ? list.at(second++) : item, changetype<usize>(list.at(to)))
    if (!isSecond) first += STRIDE
  }
}

@inline
export function copy(from: TimedValue, to: usize): void {
  v128.store(to, v128.load(changetype<usize>(from)))
}
