// SPDX-License-Identifier: Apache-2.0

/** Random numbers that are the same for each seed, on every machine (the generator sfc32). */
export class Random {
  #a = 0x1e3779b9
  #b = 0x243f6a88
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#c = seed | 0
    // Seeds that lie close together begin alike until the state is mixed.
    for (let round = 0; round < 15; round++) this.bits()
  }

  /** 32 random bits, as a whole number that is not negative. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** At least 0 and below 1. */
  fraction(): number {
    return this.bits() / 2 ** 32
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.fraction() * items.length)] ?? items[0]
  }
}

/** Gives a number at each call; the scale stretches it. */
export type Distribution = (random: Random, scale?: number) => number

const QUANTILES = 1024

/**
 * Log-normal, as durations and token counts are: half of all numbers are above
 * the median, and one in six is above `spread` times the median. Read off a
 * table of quantiles, because logarithms would cost more than all the rest.
 */
export function skewed(median: number, spread: number): Distribution {
  const quantiles = Float64Array.from({ length: QUANTILES + 1 }, (_, index) => {
    const probability = Math.min(Math.max(index / QUANTILES, 1 / 4096), 4095 / 4096)
    return median * spread ** normalQuantile(probability)
  })
  return (random, scale = 1) => {
    const place = random.fraction() * QUANTILES
    const index = Math.floor(place)
    const low = quantiles[index] ?? median
    const high = quantiles[index + 1] ?? median
    return scale * (low + (place - index) * (high - low))
  }
}

/** How many standard deviations from the mean that part of all numbers lies below; exact to three digits (Tukey). */
function normalQuantile(probability: number): number {
  return 4.91 * (probability ** 0.14 - (1 - probability) ** 0.14)
}
