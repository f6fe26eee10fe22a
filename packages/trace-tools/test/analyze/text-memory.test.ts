// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { TextMemory } from '../../src/analyze/text-memory.ts'
import { seededRandom } from '../write/seeded-random.ts'

const SIZE = 1000

it('gives each text as it was, or not at all, and the latest ones always', () => {
  const random = seededRandom(9)
  const memory = new TextMemory(SIZE)
  const texts: { readonly place: number; readonly text: string }[] = []
  for (let count = 0; count < 120; count++) {
    const text = `${count} `.repeat(Math.floor(random() * 60))
    const place = memory.put(Buffer.from(`<<${text}>>`), 2, text.length)
    texts.push({ place, text })
    let behind = 0
    for (const { place: earlier, text: expected } of texts.toReversed()) {
      const found = memory.get(earlier, expected.length)
      if (found !== undefined) expect(Buffer.from(found).toString()).toBe(expected)
      // What no longer fits at the end of the memory is passed over, so some of it may be empty.
      else if (expected.length > 0) expect(behind).toBeGreaterThan(SIZE / 2)
      behind += expected.length
    }
  }
})

it('remembers nothing that is longer than its memory', () => {
  const memory = new TextMemory(10)
  const place = memory.put(Buffer.alloc(11), 0, 11)
  expect(memory.get(place, 11)).toBeUndefined()
  const whole = memory.get(memory.put(Buffer.from('0123456789'), 0, 10), 10)
  expect(Buffer.from(whole ?? []).toString()).toBe('0123456789')
})
