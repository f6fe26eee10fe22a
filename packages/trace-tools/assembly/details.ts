// SPDX-License-Identifier: Apache-2.0
import { turnTo } from './details/given'
import { encodeRow } from './details/row'
import { endRow, reserveEnds } from './details/row-ends'
import { cutTo } from './output'

export { setList } from './details/fields'
export { keepPiece } from './details/finish'
export { bytesAt, flagsAt, kindsAt, numbersAt, reserveRows, shapesAt, textsAt } from './details/given'
export { setNames } from './details/row'
export { endsAt, labelsAt } from './details/row-ends'
export { outputAt, outputBytes } from './output'

/** Room for what the host keeps here for good. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes)
}

/** Encodes what so many rows say that the host has put where reserveRows made room. */
export function encode(count: i32): void {
  cutTo(0)
  reserveEnds(count)
  for (let index = 0; index < count; index++) {
    turnTo(index)
    encodeRow()
    endRow(index)
  }
}
