// SPDX-License-Identifier: Apache-2.0

/** Share of the price that is taken off for a quantity of one article. */
export function quantityDiscount(quantity) {
  return quantity > 10 ? 0.1 : 0
}
