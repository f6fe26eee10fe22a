// SPDX-License-Identifier: Apache-2.0
import * as told from './told.ts'

/** The place of the span behind the one that is told at a place. */
export function behind(values: Float64Array, place: number): number {
  return place + (values[place + told.LENGTH] ?? Infinity)
}

/** Whether a span has a row at hand: a request, or a tool call of which the end was reported. */
export function hasRow(values: Float64Array, place: number): boolean {
  if (values[place + told.KIND] === told.REQUEST) return true
  return values[place + told.ASKED] === 0 && values[place + told.TIMING] !== told.UNENDED
}
