// SPDX-License-Identifier: Apache-2.0

/** What time can go to, the first of those that go on at once counts. */
export const layers = ['decode', 'prefill', 'prefill wait', 'request', 'tools', 'agent'] as const

export type Layer = (typeof layers)[number]

/** Nanoseconds that went to each layer, and to any of them. */
export type BusyTime = Readonly<Record<Layer | 'total', number>>

/** Divides time among layers: each moment counts for the first layer that is open in it. */
export interface BusyTimeSweep {
  /** Something of a layer begins; it may end long after. Times in nanoseconds, whole. */
  open(layer: Layer, timeNs: number): void
  close(layer: Layer, timeNs: number): void
  /** The same as open and close; nothing where the interval has no length. */
  add(layer: Layer, startNs: number, endNs: number): void
  /** Nothing will be told any more about the time before this. */
  settle(beforeNs: number): void
  finish(): BusyTime
}

/** A change is one number, so that changes sort without a comparator: time, layer, opening or closing. */
const CODES = 2 * layers.length
const LATEST_NS = Math.floor(Number.MAX_SAFE_INTEGER / CODES) - 1

/**
 * A sweep over the borders of intervals, which come nearly in order: they are
 * collected and sorted in batches, so memory does not grow with their number.
 */
export function createBusyTimeSweep(): BusyTimeSweep {
  let changes = new Float64Array(1 << 16)
  let count = 0
  let settledNs = 0
  let sweptNs = 0
  const open = layers.map(() => 0)
  const durations = layers.map(() => 0)

  function push(layer: Layer, timeNs: number, closing: number): void {
    if (timeNs < settledNs || timeNs > LATEST_NS) throw new RangeError(`${timeNs} ns is outside the open part of the sweep`)
    if (count === changes.length) sweepOrGrow()
    changes[count++] = timeNs * CODES + 2 * layers.indexOf(layer) + closing
  }

  function sweepOrGrow(): void {
    sweep(settledNs)
    if (count <= changes.length / 2) return
    const larger = new Float64Array(2 * changes.length)
    larger.set(changes)
    changes = larger
  }

  function sweep(beforeNs: number): void {
    const batch = changes.subarray(0, count).sort()
    let next = 0
    for (; next < count; next++) {
      const change = batch[next] ?? Infinity
      const timeNs = Math.floor(change / CODES)
      if (timeNs >= beforeNs) break
      const first = open.findIndex((number) => number > 0)
      if (first !== -1) durations[first] = (durations[first] ?? 0) + timeNs - sweptNs
      sweptNs = timeNs
      const code = change - timeNs * CODES
      const layer = code >> 1
      open[layer] = (open[layer] ?? 0) + (code % 2 === 0 ? 1 : -1)
    }
    changes.copyWithin(0, next, count)
    count -= next
  }

  return {
    open: (layer, timeNs) => {
      push(layer, timeNs, 0)
    },
    close: (layer, timeNs) => {
      push(layer, timeNs, 1)
    },
    add(layer, startNs, endNs) {
      if (endNs <= startNs) return
      push(layer, startNs, 0)
      push(layer, endNs, 1)
    },
    settle(beforeNs) {
      settledNs = Math.max(settledNs, beforeNs)
    },
    finish() {
      sweep(Infinity)
      if (open.some((number) => number !== 0)) throw new Error('something was opened and never closed')
      const [decode = 0, prefill = 0, wait = 0, request = 0, tools = 0, agent = 0] = durations
      const total = durations.reduce((sum, duration) => sum + duration, 0)
      return { total, decode, prefill, 'prefill wait': wait, request, tools, agent }
    },
  }
}
