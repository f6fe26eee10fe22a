// SPDX-License-Identifier: Apache-2.0

/** How many hashes two lists begin with alike. */
export function countSharedBlocks(a: usize, aBlocks: u32, b: usize, bBlocks: u32): u32 {
  const most = min(aBlocks, bBlocks)
  let blocks: u32 = 0
  while (blocks < most && load<u32>(a + (blocks << 2)) === load<u32>(b + (blocks << 2))) blocks++
  return blocks
}
