// SPDX-License-Identifier: Apache-2.0
import { requestNumber } from '../../read/columns.ts'
import { numberOf, type RowReference } from '../../read/row-batch.ts'
import { Buckets } from './buckets.ts'
import type { PointListener } from './point.ts'

/*
 * Sums of a second. Constants of their own, not an object of them: V8 gives
 * objects of the same keys one hidden class, and once another one's numbers
 * become doubles it deoptimises whatever reads these, again and again.
 */
const INPUT = 0
const CACHED = 1
/** By how much more tokens it brought than the second before. */
const OUTPUT = 2
const HIT_RATES = 3
const HIT_RATE_COUNT = 4
const COLUMNS = 5

/** An output that took no longer is counted in the second in which it began. */
const MOMENT_SECONDS = 1e-3

/** Counters that say what each second brought. */
export interface SecondCounters {
  /** @param timeMs When its input was sent. */
  addRequest(timeMs: number, row: RowReference): void
  /** Counts an output evenly over the time that it took. */
  addOutput(fromMs: number, toMs: number, tokens: number): void
  /** Tells the rest. */
  end(): void
}

export interface SecondListeners {
  readonly input: PointListener
  readonly cached: PointListener
  readonly output: PointListener
  /** Is told the mean of the hit rates of a second. */
  readonly hitRate: PointListener
}

export function createSecondCounters(listeners: SecondListeners): SecondCounters {
  const input = createSum(listeners.input)
  const cached = createSum(listeners.cached)
  const output = createSum(listeners.output)
  let outputRate = Number.NaN

  const seconds = new Buckets(COLUMNS, (second, values, offset) => {
    const sum = (of: number) => values[offset + of] ?? Number.NaN
    input(second, sum(INPUT))
    cached(second, sum(CACHED))
    outputRate = add(outputRate, sum(OUTPUT))
    output(second, outputRate)
    const hitRate = sum(HIT_RATES) / sum(HIT_RATE_COUNT)
    if (!Number.isNaN(hitRate)) listeners.hitRate(second * 1000, tidy(hitRate))
  })

  /** From a moment on each second brings as many tokens more; the second of the moment only its part. */
  function changeOutputRate(moment: number, rate: number): void {
    const second = Math.floor(moment)
    seconds.turnTo(second)
    seconds.add(OUTPUT, rate * (second + 1 - moment))
    seconds.turnTo(second + 1)
    seconds.add(OUTPUT, rate * (moment - second))
  }

  return {
    addRequest(timeMs, row) {
      const inputTokens = numberOf(row, requestNumber.inputTokens)
      const cachedTokens = numberOf(row, requestNumber.cachedTokens)
      const hitRate = numberOf(row, requestNumber.kvHitRate)
      seconds.turnTo(Math.floor(timeMs / 1000))
      if (!Number.isNaN(inputTokens)) seconds.add(INPUT, inputTokens)
      if (!Number.isNaN(cachedTokens)) seconds.add(CACHED, cachedTokens)
      if (Number.isNaN(hitRate)) return
      seconds.add(HIT_RATES, hitRate)
      seconds.add(HIT_RATE_COUNT, 1)
    },
    addOutput(fromMs, toMs, tokens) {
      if (Number.isNaN(tokens)) return
      const from = fromMs / 1000
      const duration = toMs / 1000 - from
      if (duration > MOMENT_SECONDS) {
        changeOutputRate(from, tokens / duration)
        changeOutputRate(from + duration, -tokens / duration)
      } else {
        changeOutputRate(Math.floor(from), tokens)
        changeOutputRate(Math.floor(from) + 1, -tokens)
      }
    },
    end() {
      seconds.end()
    },
  }
}

/** Tells a sum as 0 in seconds for which nothing is known, once anything was. */
function createSum(tell: PointListener): (second: number, sum: number) => void {
  let begun = false
  return (second, sum) => {
    begun ||= !Number.isNaN(sum)
    if (begun) tell(second * 1000, Number.isNaN(sum) ? 0 : tidy(sum))
  }
}

function add(sum: number, amount: number): number {
  if (Number.isNaN(amount)) return sum
  return Number.isNaN(sum) ? amount : sum + amount
}

/** Sums of parts come out as 0.30000000000000004; nobody needs more than six places. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0
}
