// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'

/** @throws DynamoAgentError `DYN_INVALID_OPTION` for the first limit that is not above 0. */
export function requireAboveZero(limits: object): void {
  for (const [name, value] of Object.entries(limits) as [string, number][]) {
    if (value > 0) continue
    throw new DynamoAgentError({
      code: 'DYN_INVALID_OPTION',
      message: `${name} is ${value}`,
      advice: 'Give a number above 0.',
    })
  }
}
