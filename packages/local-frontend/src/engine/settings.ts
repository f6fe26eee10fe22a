// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { epochNow, sleepFor } from './clock.ts'
import type { EngineOptions } from './engine.ts'

/** The options with every default filled in. */
export type EngineSettings = Required<EngineOptions>

/**
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when a number is not one that
 * an engine can have.
 */
export function resolveSettings(options: EngineOptions): EngineSettings {
  const settings: EngineSettings = {
    workers: 2,
    blockSize: 64,
    cacheBlocks: 16_384,
    prefillTokensPerSecond: 20_000,
    prefillOverheadMs: 5,
    decodeTokensPerSecond: 200,
    maxConcurrentPerWorker: 16,
    speedup: 1,
    now: epochNow,
    sleep: sleepFor,
    randomU64: randomWorkerId,
    ...options,
  }
  for (const [name, rule] of rules) {
    const value = settings[name]
    if (rule.holds(value)) continue
    throw new DynamoAgentError({
      code: 'DYN_INVALID_OPTION',
      message: `engine option ${name} is ${value}, not ${rule.expected}`,
      advice: `Give ${name} as ${rule.expected}, or leave it out.`,
    })
  }
  return settings
}

interface Rule {
  readonly expected: string
  readonly holds: (value: number) => boolean
}

const count: Rule = { expected: 'a whole number above 0', holds: (value) => Number.isSafeInteger(value) && value > 0 }
const countOrNone: Rule = { expected: 'a whole number', holds: (value) => Number.isSafeInteger(value) && value >= 0 }
const duration: Rule = { expected: 'a finite number, 0 or more', holds: (value) => value >= 0 && value < Infinity }
const rate: Rule = { expected: 'a number above 0', holds: (value) => value > 0 }

const rules = [
  ['workers', count],
  ['blockSize', count],
  ['cacheBlocks', countOrNone],
  ['prefillTokensPerSecond', rate],
  ['prefillOverheadMs', duration],
  ['decodeTokensPerSecond', rate],
  ['maxConcurrentPerWorker', count],
  ['speedup', rate],
] as const

/** With the highest bit set, so that it never fits into a double. */
function randomWorkerId(): bigint {
  const [random = 0n] = crypto.getRandomValues(new BigUint64Array(1))
  return random | (1n << 63n)
}
