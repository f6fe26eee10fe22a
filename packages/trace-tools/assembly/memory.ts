// SPDX-License-Identifier: Apache-2.0

/** Blocks up to this size are made in steps of 16 bytes, larger ones in powers of two. */
const SMALL: u32 = 256
const SMALL_CLASSES: u32 = SMALL >> 4
/** The class of 512 bytes, which is 2 to the power of 9, is the first large one. */
const LARGE_OFFSET: u32 = SMALL_CLASSES + 1 - 9
const CLASSES = 17 + 24

const PAGE_BITS = 16
/**
 * Memory doubles up to this size, and then grows by as much. After each time
 * the host has to make its views anew; but it may have a thousand instances,
 * and V8 collects garbage as if all their memory were in use.
 */
const GROWTH_PAGES: u32 = 16

/** The first free block of each class; each free block begins with the address of the next one. */
const free = memory.data(CLASSES * 4)
let top: usize = (__heap_base + 63) & ~63
let limit: usize = <usize>memory.size() << PAGE_BITS

/** A block of memory that may hold anything. */
export function allocate(size: u32): usize {
  const kind = classOf(size)
  const list = free + (kind << 2)
  const block = load<usize>(list)
  if (block !== 0) {
    store<usize>(list, load<usize>(block))
    return block
  }
  return carve(sizeOf(kind))
}

export function allocateZeros(size: u32): usize {
  const block = allocate(size)
  memory.fill(block, 0, size)
  return block
}

/** Takes a block back. @param size As it was asked for. */
export function release(block: usize, size: u32): void {
  const list = free + (classOf(size) << 2)
  store<usize>(block, load<usize>(list))
  store<usize>(list, block)
}

/** Moves what a block holds to a larger one. */
export function enlarge(block: usize, size: u32, newSize: u32): usize {
  const larger = allocate(newSize)
  if (size === 0) return larger
  memory.copy(larger, block, size)
  release(block, size)
  return larger
}

@inline
export function classOf(size: u32): u32 {
  return size <= SMALL ? (size + 15) >> 4 : 32 - clz(size - 1) + LARGE_OFFSET
}

@inline
export function sizeOf(kind: u32): u32 {
  return kind <= SMALL_CLASSES ? kind << 4 : 1 << (kind - LARGE_OFFSET)
}

function carve(size: u32): usize {
  const block = top
  top += size
  if (top > limit || top < block) grow()
  return block
}

function grow(): void {
  const pages = max(<u32>((top - limit) >> PAGE_BITS) + 1, min(<u32>memory.size(), GROWTH_PAGES))
  if (memory.grow(pages) < 0) abort('no memory')
  limit = <usize>memory.size() << PAGE_BITS
}
