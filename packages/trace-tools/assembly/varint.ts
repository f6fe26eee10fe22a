// SPDX-License-Identifier: Apache-2.0

/** In each byte of a varint: another one follows. */
export const CONTINUED: u64 = 0x8080808080808080

/** Spreads 56 bits over eight bytes, seven bits in each. */
@inline
export function spread(value: u64): u64 {
  const by28 = (value & 0xfffffff) | ((value & 0xfffffff0000000) << 4)
  const by14 = (by28 & 0x00003fff00003fff) | ((by28 & 0x0fffc0000fffc000) << 2)
  return (by14 & 0x007f007f007f007f) | ((by14 & 0x3f803f803f803f80) << 1)
}

const MAX_SAFE_INTEGER: f64 = 9007199254740991

/** Whether a number is an integer that a varint can say: not below 0, and exact. */
@inline
export function fitsVarint(value: f64): bool {
  return value >= 0 && value <= MAX_SAFE_INTEGER && floor(value) === value
}

/** Bytes that an integer takes. */
export function varintSize(value: u64): u32 {
  return value < 0x80 ? 1 : <u32>(70 - clz(value)) / 7
}

/** @returns Where the varint ends. */
export function putVarint(at: usize, value: u64): usize {
  let rest = value
  while (rest >= 0x80) {
    store<u8>(at++, <u8>rest | 0x80)
    rest >>>= 7
  }
  store<u8>(at, <u8>rest)
  return at + 1
}
