// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineTotal, orderTotal } from '../src/total.js'

test('a line costs quantity times unit price', () => {
  assert.equal(lineTotal({ quantity: 3, unitCents: 250 }), 750)
})

test('ten pieces of one article get the discount', () => {
  assert.equal(lineTotal({ quantity: 10, unitCents: 100 }), 900)
})

test('nine pieces do not', () => {
  assert.equal(lineTotal({ quantity: 9, unitCents: 100 }), 900)
})

test('a small order pays shipping', () => {
  assert.equal(orderTotal([{ quantity: 1, unitCents: 1000 }]), 1490)
})

test('an order of 50 euros ships free', () => {
  assert.equal(orderTotal([{ quantity: 2, unitCents: 2500 }]), 5000)
})
