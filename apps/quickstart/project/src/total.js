// SPDX-License-Identifier: Apache-2.0
import { quantityDiscount } from './discount.js'

const shippingCents = 490
const freeShippingFromCents = 5000

/** Price of one line of an order, in cents. */
export function lineTotal({ quantity, unitCents }) {
  return Math.round(quantity * unitCents * (1 - quantityDiscount(quantity)))
}

/** Price of a whole order with shipping, in cents; nothing for an empty one. */
export function orderTotal(lines) {
  if (lines.length === 0) return 0
  const goods = lines.reduce((sum, line) => sum + lineTotal(line), 0)
  return goods >= freeShippingFromCents ? goods : goods + shippingCents
}
