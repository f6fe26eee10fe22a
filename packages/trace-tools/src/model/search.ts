// SPDX-License-Identifier: Apache-2.0

/**
 * Index of the first item whose key is at least `limit`, or the length.
 *
 * @param items In ascending order of their keys.
 */
export function lowerBound<Item>(items: readonly Item[], limit: number, keyOf: (item: Item) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && keyOf(item) < limit) low = middle + 1
    else high = middle
  }
  return low
}
