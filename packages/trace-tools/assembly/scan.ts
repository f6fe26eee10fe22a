// SPDX-License-Identifier: Apache-2.0
import { blockAt } from './scan/block'
import { addRow, clearColumns, prepareRow } from './scan/columns'
import { readRow } from './scan/row'
import { hashRow } from './scan/row-hash'
import { UNUSUAL } from './scan/unusual'

export { reserveBlock } from './scan/block'
export { blockCount, blockHashesAt } from './scan/block-hashes'
export {
  blockEndsAt,
  callCount,
  callEndsAt,
  callsAt,
  clearRow,
  count,
  finishShapesAt,
  fingerprintsAt,
  flagsAt,
  identityHashesAt,
  kindsAt,
  linesAt,
  numbersAt,
  textsAt,
  workerHashesAt,
} from './scan/columns'
export { isPayload } from './scan/row'
export { setTables } from './scan/tables'

/** Lines that were read so far. */
export let lines: u32 = 0

/** Room for what the host keeps here for good. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes)
}

/** Begins with a block that stands where reserveBlock said. */
export function beginBlock(): void {
  lines = 0
  clearColumns()
  prepareRow()
}

/**
 * Reads lines of the block into rows, up to the end or the first line that is
 * left to core's parser.
 *
 * @returns The place of that line, or the end; the row that is filled may then
 * hold a part of it.
 */
export function scan(start: usize, end: usize): usize {
  let at = blockAt + start
  const blockEnd = blockAt + end
  while (at < blockEnd) {
    lines++
    const behind = readRow(at)
    if (behind === UNUSUAL) break
    endRow(lines)
    at = behind
  }
  return at - blockAt
}

/** The row that is filled is complete; an empty one follows. */
export function endRow(line: u32): void {
  hashRow()
  addRow(line)
  prepareRow()
}
