// SPDX-License-Identifier: Apache-2.0
import { createBuckets } from './buckets'
import { CACHED, HIT_RATE, INPUT, lastTold, OUTPUT, tellChange } from './change'

/** Sums of a second. */
const INPUT_TOKENS = 0
const CACHED_TOKENS = 1
/** By how much more tokens it brought than the second before. */
const MORE_OUTPUT = 2
const HIT_RATES = 3
const HIT_RATE_COUNT = 4
const COLUMNS = 5

/** An output that took no longer is counted in the second in which it began. */
const MOMENT_SECONDS: f64 = 1e-3

let outputRate: f64 = NaN

/** What each second brought. */
const seconds = createBuckets(COLUMNS, 0, tellSecond)

/** Counts what a request sent at a time; NaN says nothing. */
export function addInput(timeMs: f64, inputTokens: f64, cachedTokens: f64, hitRate: f64): void {
  seconds.turnTo(<i64>Math.floor(timeMs / 1000))
  if (!isNaN(inputTokens)) seconds.add(INPUT_TOKENS, inputTokens)
  if (!isNaN(cachedTokens)) seconds.add(CACHED_TOKENS, cachedTokens)
  if (isNaN(hitRate)) return
  seconds.add(HIT_RATES, hitRate)
  seconds.add(HIT_RATE_COUNT, 1)
}

/** Counts an output evenly over the time that it took; tokens of NaN say nothing. */
export function addOutput(fromMs: f64, toMs: f64, tokens: f64): void {
  if (isNaN(tokens)) return
  const from = fromMs / 1000
  const duration = toMs / 1000 - from
  if (duration > MOMENT_SECONDS) {
    changeOutputRate(from, tokens / duration)
    changeOutputRate(from + duration, -tokens / duration)
  } else {
    changeOutputRate(Math.floor(from), tokens)
    changeOutputRate(Math.floor(from) + 1, -tokens)
  }
}

/** Tells the rest. */
export function endSeconds(): void {
  seconds.end()
}

/** From a moment on each second brings as many tokens more; the second of the moment only its part. */
function changeOutputRate(moment: f64, rate: f64): void {
  const second = Math.floor(moment)
  seconds.turnTo(<i64>second)
  seconds.add(MORE_OUTPUT, rate * (second + 1 - moment))
  seconds.turnTo(<i64>second + 1)
  seconds.add(MORE_OUTPUT, rate * (moment - second))
}

function tellSecond(owner: usize, second: f64, values: usize): void {
  tellSum(INPUT, second, sumAt(values, INPUT_TOKENS))
  tellSum(CACHED, second, sumAt(values, CACHED_TOKENS))
  const more = sumAt(values, MORE_OUTPUT)
  if (!isNaN(more)) outputRate = isNaN(outputRate) ? more : outputRate + more
  tellSum(OUTPUT, second, outputRate)
  const hitRate = sumAt(values, HIT_RATES) / sumAt(values, HIT_RATE_COUNT)
  if (!isNaN(hitRate)) tellChange(HIT_RATE, second * 1000, tidy(hitRate))
}

@inline
export function sumAt(values: usize, column: i32): f64 {
  return load<f64>(values + (column << 3))
}

/** A counter is 0 in seconds for which nothing is known, once anything was. */
function tellSum(counter: u32, second: f64, sum: f64): void {
  if (!isNaN(sum)) tellChange(counter, second * 1000, tidy(sum))
  else if (!isNaN(lastTold(counter))) tellChange(counter, second * 1000, 0)
}

/** Sums of parts come out as 0.30000000000000004; nobody needs more than six places. */
function tidy(value: f64): f64 {
  return Math.round(value * 1e6) / 1e6 + 0
}
