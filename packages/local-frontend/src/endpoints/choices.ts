// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from '../request/json-body.ts'

/** How many choices the answer to a completion has. */
export function countChoices({ n }: JsonBody): number {
  return typeof n === 'number' ? n : 1
}

/** Their indices, for a body that has passed the rules. */
export function choicesOf(body: JsonBody): number[] {
  return Array.from({ length: countChoices(body) }, (_, index) => index)
}
