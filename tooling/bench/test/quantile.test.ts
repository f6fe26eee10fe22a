// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { median, quantile } from '../src/index.ts'

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

it('gives the value below which a share of all values lies', () => {
  expect(quantile(hundred, 0)).toBe(1)
  expect(quantile(hundred, 0.99)).toBe(100)
  expect(quantile(hundred, 1)).toBe(100)
})

it('gives a measured value as the median, the upper of two in the middle', () => {
  expect(median([30, 1, 2])).toBe(2)
  expect(median([30, 1, 2, 9])).toBe(9)
})

it('gives no number of no values', () => {
  expect(median([])).toBeNaN()
})

it('leaves the values in their order', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})
