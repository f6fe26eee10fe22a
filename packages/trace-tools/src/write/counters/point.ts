// SPDX-License-Identifier: Apache-2.0

/** Takes the points of one counter, by time: from `timeMs` on it has this value. */
export type PointListener = (timeMs: number, value: number) => void

/** Passes points on, but for those that change nothing. */
export function onlyChanges(tell: PointListener): PointListener {
  let told = Number.NaN
  return (timeMs, value) => {
    if (value === told) return
    told = value
    tell(timeMs, value)
  }
}
