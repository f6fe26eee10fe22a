// SPDX-License-Identifier: Apache-2.0
import type { ReplayInput } from './record.ts'
import { readU64 } from './u64.ts'

/** The block hashes of a request's input, exact. What is no u64 is left out; nothing throws. */
export function decodeHashes(replay: ReplayInput): BigUint64Array {
  const hashes = replay.hashText.split(',').map((part) => readU64(part.trim()))
  return BigUint64Array.from(hashes.filter((hash) => hash !== undefined))
}
