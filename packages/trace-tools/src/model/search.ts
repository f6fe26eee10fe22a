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

/** Index of the first item whose key is above `limit`, or the length. */
export function upperBound<Item>(items: readonly Item[], limit: number, keyOf: (item: Item) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && keyOf(item) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Inserts an item behind its equals. */
export function insertSorted<Item>(items: Item[], item: Item, keyOf: (item: Item) => number): void {
  items.splice(upperBound(items, keyOf(item), keyOf), 0, item)
}
