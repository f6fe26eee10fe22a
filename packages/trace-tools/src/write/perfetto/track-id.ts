// SPDX-License-Identifier: Apache-2.0

const BITS_28 = 0xfffffff
/** Makes each id exactly 56 bits long. */
const TOP_BIT = 0x8000000

/** Ends a part: no UTF-16 code unit is as large, so no two lists of parts look alike. */
const PART_END = 0x10000

/**
 * The uuid of a track: a hash of what it shows, so that files of one session
 * can be concatenated and share its tracks. It has 56 bits, which is eight
 * bytes as a varint, in two parts of 28.
 */
export class TrackId {
  readonly low: number
  readonly high: number

  constructor(low: number, high: number) {
    this.low = low
    this.high = high
  }

  /** @param parts What the track shows: the same parts give the same id in each file. */
  static of(...parts: readonly string[]): TrackId {
    // Two FNV-like hashes of 32 bits, mixed into each other at the end as MurmurHash3 does.
    let one = 0xdeadbeef
    let other = 0x41c6ce57
    const add = (unit: number): void => {
      one = Math.imul(one ^ unit, 0x9e3779b1)
      other = Math.imul(other ^ unit, 0x5f356495)
    }
    for (const part of parts) {
      for (let index = 0; index < part.length; index++) add(part.charCodeAt(index))
      add(PART_END)
    }
    one = mix(one) ^ mix(other ^ (one >>> 13))
    other = mix(other) ^ mix(one ^ (other >>> 16))
    return new TrackId(one & BITS_28, (other & BITS_28) | TOP_BIT)
  }

  get uuid(): bigint {
    return (BigInt(this.high) << 28n) | BigInt(this.low)
  }
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
