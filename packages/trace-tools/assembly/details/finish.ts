// SPDX-License-Identifier: Apache-2.0
import { append, OVERSHOOT, reserve } from '../output'
import { row, shape } from './given'

/** Shapes are numbered from 1 to 8192, see assembly/scan/finish.ts. */
const SHAPES: i32 = 8193

/** Bytes before a piece: its size. */
const HEAD: usize = 4

/** Encodes the row's `finish` and keeps it with keepPiece, which gives the place. */
@external('host', 'encodeFinish')
export declare function encodeFinish(row: i32): usize

/** By shape, where the annotation stands; 0 where none does yet. */
const pieces = memory.data(SHAPES * <i32>sizeof<usize>())

/** Where the annotation of a text stands that has no shape. */
let shapeless: usize = 0
let shapelessRoom: usize = 0

export function putFinish(): void {
  const known = pieces + <usize>shape() * sizeof<usize>()
  let piece = load<usize>(known)
  if (piece === 0) piece = encodeFinish(row)
  const size = load<u32>(piece)
  reserve(size)
  append(piece + HEAD, size)
}

/**
 * Makes room for the annotation of a shape, or of no shape, which is kept up to the next one.
 *
 * @returns Where its size stands; the host puts its bytes behind.
 */
export function keepPiece(shape: i32, size: usize): usize {
  const bytes = HEAD + size + OVERSHOOT
  let piece: usize
  if (shape > 0 && shape < SHAPES) {
    piece = heap.alloc(bytes)
    store<usize>(pieces + <usize>shape * sizeof<usize>(), piece)
  } else {
    if (bytes > shapelessRoom) {
      shapelessRoom = bytes * 2
      shapeless = heap.alloc(shapelessRoom)
    }
    piece = shapeless
  }
  store<u32>(piece, <u32>size)
  return piece
}
