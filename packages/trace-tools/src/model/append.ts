// SPDX-License-Identifier: Apache-2.0

/** What push() makes room for at first. */
const SHORT = 17

/**
 * Adds an item to one of many arrays that mostly stay short, and takes no more
 * memory for it than that.
 *
 * @returns The array to go on with.
 */
export function append<Item>(items: Item[], item: Item): Item[] {
  if (items.length < SHORT) return items.concat([item])
  items.push(item)
  return items
}
