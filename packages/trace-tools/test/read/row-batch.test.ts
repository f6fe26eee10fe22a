// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { copyDetails, decodeText, emptyBatch } from '../../src/read/row-batch.ts'

it.each([
  ['an array', Uint8Array.of(1, 2, 3, 4, 5)],
  ['a Buffer', Buffer.of(1, 2, 3, 4, 5)],
])('copied details stay as they are when the memory of the batch is used again: %s', (_name, bytes) => {
  const batch = { ...emptyBatch, count: 2, details: { bytes, ends: Uint32Array.of(2, 5) } }
  const copies = [0, 1].map((row) => copyDetails({ batch, row }))
  bytes.fill(0)
  expect(copies).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)])
})

it('a batch is read when the memory of the one before has gone to another thread', () => {
  for (const text of ['first', 'other', 'third']) {
    const bytes = new Uint8Array(Buffer.from(text))
    expect(decodeText(bytes, 0, 5)).toBe(text)
    structuredClone(bytes, { transfer: [bytes.buffer] })
  }
})
