// SPDX-License-Identifier: Apache-2.0
import { TOOL_STATUS } from '../row-layout'
import { hasText, textLength, textStart } from './columns'

/** Whether the tool row says that its call succeeded, in one of the spellings of core's normalizeToolStatus. */
export function hasSucceeded(): bool {
  if (!hasText(TOOL_STATUS)) return false
  const start = textStart(TOOL_STATUS)
  const length = textLength(TOOL_STATUS)
  if (length === 2) return load<u16>(start) === OK
  if (load<u32>(start) !== SUCC) return false
  if (length === 7) return load<u32>(start, 3) === CESS
  return length === 9 && load<u32>(start, 4) === EEDE && load<u8>(start, 8) === LOWER_D
}

// Letters as they stand in memory.
const OK: u16 = 0x6b6f
const SUCC: u32 = 0x63637573
const CESS: u32 = 0x73736563
const EEDE: u32 = 0x65646565
const LOWER_D: u8 = 0x64
