// SPDX-License-Identifier: Apache-2.0

/** Buckets that stand together, and for how many such pages there is room: more than 36 hours of seconds without a pause. */
const PAGE_BUCKETS = 512
const PAGES = 256

/** Takes what was found for a stretch of time: `values` from `offset` on, NaN where nothing was. */
export type BucketListener = (bucket: number, values: Float64Array, offset: number) => void

/**
 * What happened in stretches of time of one length, numbered from the epoch on.
 * Pages of buckets are found again by their number, so that a trace may have
 * gaps of any length, and a row with a false time costs no more than a page.
 */
export class Buckets {
  readonly #columns: number
  readonly #tell: BucketListener
  readonly #nothing: Float64Array
  readonly #pages = new Map<number, Float64Array>()
  #page: Float64Array
  #pageNumber = Number.NaN
  #offset = 0
  /** The first bucket that is not told yet. */
  #horizon = -Infinity

  /**
   * @param columns Values of each bucket.
   * @param tell Is told whole pages of buckets by time, and after each run of pages one bucket with nothing in it.
   */
  constructor(columns: number, tell: BucketListener) {
    this.#columns = columns
    this.#tell = tell
    this.#nothing = new Float64Array(columns).fill(Number.NaN)
    this.#page = this.#nothing
  }

  /** Turns to a bucket; from one that is told already to the first that is not. */
  turnTo(bucket: number): void {
    const open = Math.max(bucket, this.#horizon)
    const number = Math.floor(open / PAGE_BUCKETS)
    if (number !== this.#pageNumber) this.#turnToPage(number)
    this.#offset = (open - number * PAGE_BUCKETS) * this.#columns
  }

  /** Adds to a value of the bucket. */
  add(column: number, amount: number): void {
    const place = this.#offset + column
    const value = this.#page[place] ?? Number.NaN
    this.#page[place] = Number.isNaN(value) ? amount : value + amount
  }

  /** Raises a value of the bucket to a level, if it is below. */
  raise(column: number, level: number): void {
    const place = this.#offset + column
    const value = this.#page[place] ?? Number.NaN
    if (!(value >= level)) this.#page[place] = level
  }

  /** Tells the rest. */
  end(): void {
    this.#settle(this.#pages.size)
  }

  #turnToPage(number: number): void {
    let page = this.#pages.get(number)
    if (page === undefined) {
      if (this.#pages.size === PAGES) this.#settle(PAGES / 2)
      page = new Float64Array(PAGE_BUCKETS * this.#columns).fill(Number.NaN)
      this.#pages.set(number, page)
    }
    this.#page = page
    this.#pageNumber = number
  }

  /** Tells the earliest pages. */
  #settle(count: number): void {
    const numbers = [...this.#pages.keys()].sort((a, b) => a - b).slice(0, count)
    for (const number of numbers) {
      const page = this.#pages.get(number) ?? this.#nothing
      const end = (number + 1) * PAGE_BUCKETS
      for (let bucket = end - PAGE_BUCKETS, offset = 0; bucket < end; bucket++, offset += this.#columns) {
        this.#tell(bucket, page, offset)
      }
      this.#pages.delete(number)
      if (!this.#pages.has(number + 1)) this.#tell(end, this.#nothing, 0)
      this.#horizon = end
    }
  }
}
