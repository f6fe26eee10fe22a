// SPDX-License-Identifier: Apache-2.0
import type { ReplayInput } from './record.ts'

/** The block hashes of a request's input, exact. */
export function decodeHashes(replay: ReplayInput): BigUint64Array {
  const parts = replay.hashText.split(',').filter((part) => part.trim() !== '')
  return BigUint64Array.from(parts, (part) => BigInt(part.trim()))
}
