// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { decodeText, detailsText, emptyBatch } from '../../src/read/row-batch.ts'

it.each([
  ['an array', Uint8Array.of(1, 2, 3, 4, 255)],
  ['a Buffer', Buffer.of(1, 2, 3, 4, 255)],
])('details that were kept stay as they are when the memory of the batch is used again: %s', (_name, bytes) => {
  const batch = { ...emptyBatch, count: 2, details: { bytes, ends: Uint32Array.of(2, 5) } }
  const kept = [0, 1].map((row) => detailsText({ batch, row }))
  bytes.fill(0)
  expect(kept).toEqual(['\u0001\u0002', '\u0003\u0004\u00ff'])
})

it('a batch is read when the memory of the one before has gone to another thread', () => {
  for (const text of ['first', 'other', 'third']) {
    const bytes = new Uint8Array(Buffer.from(text))
    expect(decodeText(bytes, 0, 5)).toBe(text)
    structuredClone(bytes, { transfer: [bytes.buffer] })
  }
})
