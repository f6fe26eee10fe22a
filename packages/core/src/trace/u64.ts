// SPDX-License-Identifier: Apache-2.0

const MAX_U64 = 2n ** 64n - 1n

/**
 * An unsigned 64-bit integer from whatever a JSON reader made of it: a bigint,
 * its digits, or a number that a double holds exactly. Undefined for anything
 * else, a number that a double has rounded included: a wrong id is worse than none.
 */
export function readU64(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined
  const integer = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : value
  return typeof integer === 'bigint' && integer >= 0n && integer <= MAX_U64 ? integer : undefined
}
