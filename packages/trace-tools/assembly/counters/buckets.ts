// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'

/** Buckets that stand together, and for how many such pages there is room: more than 36 hours of seconds without a pause. */
const PAGE_BITS: i64 = 9
const PAGE_BUCKETS: i64 = 1 << PAGE_BITS
const PAGES: u32 = 256

/** Takes what was found for a stretch of time: a value for each column, NaN where nothing was. */
export type BucketListener = (owner: usize, bucket: f64, values: usize) => void

@unmanaged
class Page {
  /** Of its first bucket, in pages. */
  number: i64
  values: usize
}

const STRIDE: u32 = offsetof<Page>()

/**
 * What happened in stretches of time of one length, numbered from the epoch on.
 * Pages of buckets are found again by their number, so that a trace may have
 * gaps of any length, and a row with a false time costs no more than a page.
 */
@unmanaged
export class Buckets {
  /** Is told whole pages of buckets by time, and after each run of pages one bucket with nothing in it. */
  listener: BucketListener
  owner: usize
  bucketBytes: u32
  nothing: usize
  /** By number. */
  pages: usize
  count: u32
  /** The bucket that is turned to, and its page. */
  bucket: usize
  page: usize
  pageNumber: i64
  /** The first bucket that is not told yet. */
  horizon: i64

  /** Turns to a bucket; from one that is told already to the first that is not. */
  turnTo(bucket: i64): void {
    if (max(bucket, this.horizon) >> PAGE_BITS !== this.pageNumber) this.turnToPageOf(bucket)
    // To make room for a page others may have been told.
    const open = max(bucket, this.horizon)
    this.bucket = this.page + <u32>(open & (PAGE_BUCKETS - 1)) * this.bucketBytes
  }

  /** Adds to a value of the bucket. */
  add(column: u32, amount: f64): void {
    const place = this.bucket + (column << 3)
    const value = load<f64>(place)
    store<f64>(place, isNaN(value) ? amount : value + amount)
  }

  /** Raises a value of the bucket to a level, if it is below. */
  raise(column: u32, level: f64): void {
    const place = this.bucket + (column << 3)
    if (!(load<f64>(place) >= level)) store<f64>(place, level)
  }

  /** Tells the rest. */
  end(): void {
    this.settle(this.count)
  }

  turnToPageOf(bucket: i64): void {
    let number = max(bucket, this.horizon) >> PAGE_BITS
    if (this.count === PAGES && !this.has(number)) {
      this.settle(PAGES / 2)
      number = max(bucket, this.horizon) >> PAGE_BITS
    }
    const index = this.placeOf(number)
    if (!this.has(number)) this.insert(index, number)
    this.page = this.at(index).values
    this.pageNumber = number
  }

  has(number: i64): bool {
    const index = this.placeOf(number)
    return index < this.count && this.at(index).number === number
  }

  @inline
  at(index: u32): Page {
    return changetype<Page>(this.pages + index * STRIDE)
  }

  /** Where a page stands, or belongs. */
  placeOf(number: i64): u32 {
    let low: u32 = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle).number < number) low = middle + 1
      else high = middle
    }
    return low
  }

  insert(index: u32, number: i64): void {
    const page = this.at(index)
    const place = changetype<usize>(page)
    memory.copy(place + STRIDE, place, (this.count++ - index) * STRIDE)
    page.number = number
    page.values = createValues(this.pageBytes)
  }

  get pageBytes(): u32 {
    return <u32>PAGE_BUCKETS * this.bucketBytes
  }

  /** Tells the earliest pages. */
  settle(count: u32): void {
    for (let index: u32 = 0; index < count; index++) {
      const page = this.at(index)
      const number = page.number
      this.tellPage(page)
      this.horizon = (number + 1) << PAGE_BITS
      if (index + 1 === this.count || this.at(index + 1).number !== number + 1) this.tell(this.horizon, this.nothing)
    }
    this.count -= count
    memory.copy(this.pages, this.pages + count * STRIDE, this.count * STRIDE)
  }

  tellPage(page: Page): void {
    let bucket = page.number << PAGE_BITS
    const end = page.values + this.pageBytes
    for (let values = page.values; values < end; values += this.bucketBytes) this.tell(bucket++, values)
    release(page.values, this.pageBytes)
  }

  @inline
  tell(bucket: i64, values: usize): void {
    this.listener(this.owner, <f64>bucket, values)
  }
}

/** @param columns Values of each bucket. */
export function createBuckets(columns: u32, owner: usize, listener: BucketListener): Buckets {
  const buckets = changetype<Buckets>(allocate(offsetof<Buckets>()))
  buckets.listener = listener
  buckets.owner = owner
  buckets.bucketBytes = columns << 3
  buckets.nothing = createValues(buckets.bucketBytes)
  buckets.pages = allocate(PAGES * STRIDE)
  buckets.count = 0
  buckets.pageNumber = -1
  buckets.horizon = 0
  return buckets
}

function createValues(bytes: u32): usize {
  const values = allocate(bytes)
  // All bits set are NaN.
  memory.fill(values, 0xff, bytes)
  return values
}
