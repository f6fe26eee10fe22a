// SPDX-License-Identifier: Apache-2.0
import { requireAboveZero } from './limits.ts'

/** Where a harness log is written, and its limits; every number must be above 0. */
export interface HarnessLogOptions {
  /** The file, which several processes may share; missing folders are made. */
  readonly path: string
  /** A file that has reached this size in bytes is set aside under a number. @defaultValue 67108864 */
  readonly rotateBytes?: number
  /** Records are written after this many milliseconds at the latest. @defaultValue 1000 */
  readonly flushIntervalMs?: number
  /** Records that wait at most while the disk is slow; more are dropped. @defaultValue 10000 */
  readonly capacity?: number
  /** Milliseconds that `close` waits at most for the disk. @defaultValue 500 */
  readonly closeTimeoutMs?: number
}

export type HarnessLogLimits = Required<Omit<HarnessLogOptions, 'path'>>

/** @throws DynamoAgentError `DYN_INVALID_OPTION` where a number is not above 0. */
export function resolveHarnessLogLimits(options: HarnessLogOptions): HarnessLogLimits {
  const limits: HarnessLogLimits = {
    rotateBytes: options.rotateBytes ?? 67_108_864,
    flushIntervalMs: options.flushIntervalMs ?? 1000,
    capacity: options.capacity ?? 10_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 500,
  }
  requireAboveZero(limits)
  return limits
}
