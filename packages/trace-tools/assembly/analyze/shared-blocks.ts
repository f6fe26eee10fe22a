// SPDX-License-Identifier: Apache-2.0

const COMMA: u8 = 0x2c

/** How many hashes two lists begin with alike; compared as they stand in the rows. */
export function countSharedBlocks(a: usize, aBytes: u32, b: usize, bBytes: u32): f64 {
  const length = min(aBytes, bBytes)
  let blocks: u32 = 0
  let at: u32 = 0
  for (; at + 16 <= length; at += 16) {
    const bytes = v128.load(a + at)
    if (!i8x16.all_true(i8x16.eq(bytes, v128.load(b + at)))) break
    blocks += popcnt(i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(COMMA))))
  }
  for (; at < length && load<u8>(a + at) === load<u8>(b + at); at++) if (load<u8>(a + at) === COMMA) blocks++
  if (at < length) return blocks
  const endsAlike = endsAt(a, aBytes, at) && endsAt(b, bBytes, at)
  return at > 0 && endsAlike ? blocks + 1 : blocks
}

/** Whether a hash of a list ends at a place. */
function endsAt(list: usize, bytes: u32, at: u32): bool {
  return at === bytes || load<u8>(list + at) === COMMA
}
