// SPDX-License-Identifier: Apache-2.0
import { EXTRA_WORDS } from '../../src/write/perfetto/span-extras'

/** Bytes of what the host adds to a span. */
export const EXTRA_BYTES: usize = EXTRA_WORDS * 4

/** What the host adds to a span, at a place that src/write/perfetto/span-extras.ts names. */
@inline
export function extraOf(extras: usize, place: i32): u32 {
  return load<u32>(extras + (<usize>place << 2))
}
