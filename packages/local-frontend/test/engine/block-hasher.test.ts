// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { createBlockHasher } from '../../src/engine/block-hasher.ts'
import { words } from './helpers.ts'

const blockSize = 64

function hash(...texts: string[]): bigint[] {
  const hasher = createBlockHasher(blockSize)
  for (const text of texts) hasher.append(text)
  return hasher.allBlocks()
}

test.each([
  [0, 0],
  [1, 1],
  [63, 1],
  [64, 1],
  [65, 2],
  [1000, 16],
])('%i tokens make %i blocks, the partial last one too', (tokens, blocks) => {
  const hasher = createBlockHasher(blockSize)
  hasher.append(words('w', tokens))
  expect(hasher.tokens).toBe(tokens)
  expect(hasher.allBlocks()).toHaveLength(blocks)
  expect(hasher.wholeBlocks).toHaveLength(Math.floor(tokens / blockSize))
})

test('a longer text keeps the whole blocks of its beginning and not the partial one', () => {
  const short = hash(words('w', 150))
  const long = hash(words('w', 400))
  expect(long.slice(0, 2)).toEqual(short.slice(0, 2))
  expect(long[2]).not.toBe(short[2])
})

test('a block depends on all blocks before it', () => {
  const one = hash(`one${words('w', 300)}`)
  const two = hash(`two${words('w', 300)}`)
  expect(one.filter((block) => two.includes(block))).toEqual([])
})

test('appending gives what hashing at once gives, in whatever pieces', () => {
  const pieces = [words('a', 50), words('b', 14), words('c', 200)]
  expect(hash(...pieces)).toEqual(hash(pieces.join('')))
})

test('hashes are distinct u64 that use the whole range', () => {
  const blocks = hash(words('w', 64 * 2000))
  expect(new Set(blocks).size).toBe(2000)
  expect(blocks.every((block) => block >= 0n && block < 2n ** 64n)).toBe(true)
  for (const bit of [0n, 31n, 32n, 63n]) {
    const set = blocks.filter((block) => (block >> bit) & 1n).length
    expect(set).toBeGreaterThan(800)
    expect(set).toBeLessThan(1200)
  }
})

test('the same text has the same hashes in every process', () => {
  expect(hash('You are a coding agent.')).toMatchInlineSnapshot(`
    [
      9872882683787513783n,
    ]
  `)
})
