// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'

/**
 * A 64-bit id of what the parts name, never 0. The same parts give the same id
 * in each file, so traces of one session can be concatenated and share its tracks.
 */
export function hash64(...parts: readonly string[]): bigint {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest().readBigUInt64LE()
  return hash === 0n ? 1n : hash
}
