// SPDX-License-Identifier: Apache-2.0
import type { Interval } from '../model/trace-model.ts'
import { microseconds } from './whole-microseconds.ts'

/** What a call of unknown length is drawn as, by the converter that ships with Dynamo too. */
export const UNKNOWN_LENGTH_MS = 1

/** Whether something is known to have taken time, to the microsecond. */
export function hasLength({ startMs, endMs }: Interval): boolean {
  return microseconds(endMs) > microseconds(startMs)
}
