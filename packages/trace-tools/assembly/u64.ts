// SPDX-License-Identifier: Apache-2.0

const U64_DIGITS: usize = 20
/** `18446744`, `07370955` and `1615`, the first digit highest. */
const U64_FIRST: u64 = 0x3138343436373434
const U64_SECOND: u64 = 0x3037333730393535
const U64_LAST: u32 = 0x31363135

/** Whether so many digits are a u64. */
export function fitsU64(start: usize, digits: usize): bool {
  return digits < U64_DIGITS || (digits === U64_DIGITS && !exceedsU64(start))
}

/** Whether 20 digits are more than the largest u64, 18446744073709551615: as texts of one length they compare like numbers. */
function exceedsU64(start: usize): bool {
  const first = bswap(load<u64>(start))
  if (first !== U64_FIRST) return first > U64_FIRST
  const second = bswap(load<u64>(start, 8))
  if (second !== U64_SECOND) return second > U64_SECOND
  return bswap(load<u32>(start, 16)) > U64_LAST
}
