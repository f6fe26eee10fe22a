// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { createPrefixCache } from '../../src/engine/prefix-cache.ts'

test('matches the longest run of leading blocks', () => {
  const cache = createPrefixCache(10)
  cache.store([1n, 2n, 3n])
  expect(cache.match([1n, 2n, 3n, 4n])).toBe(3)
  expect(cache.match([1n, 2n])).toBe(2)
  expect(cache.match([1n, 9n, 3n])).toBe(1)
  expect(cache.match([2n, 3n])).toBe(2)
  expect(cache.match([9n])).toBe(0)
  expect(cache.match([])).toBe(0)
})

test('the least recently used prompt leaves first, from its end', () => {
  const cache = createPrefixCache(6)
  cache.store([1n, 2n, 3n])
  cache.store([11n, 12n, 13n])
  cache.store([1n, 2n, 3n])
  cache.store([21n, 22n])
  expect(cache.size).toBe(6)
  expect(cache.match([1n, 2n, 3n])).toBe(3)
  expect(cache.match([11n, 12n, 13n])).toBe(1)
  expect(cache.match([21n, 22n])).toBe(2)
})

test('matching is not use', () => {
  const cache = createPrefixCache(2)
  cache.store([1n])
  cache.store([2n])
  cache.match([1n])
  cache.store([3n])
  expect(cache.match([1n])).toBe(0)
  expect(cache.match([2n])).toBe(1)
})

test('of a prompt larger than the cache the beginning stays', () => {
  const cache = createPrefixCache(2)
  cache.store([1n, 2n, 3n, 4n])
  expect(cache.match([1n, 2n, 3n, 4n])).toBe(2)
})

test('a cache of no blocks holds nothing', () => {
  const cache = createPrefixCache(0)
  cache.store([1n])
  expect(cache.match([1n])).toBe(0)
})
