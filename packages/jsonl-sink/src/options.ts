// SPDX-License-Identifier: Apache-2.0
import { requireAboveZero } from './limits.ts'

/** Where a sink writes, and its limits; every number must be above 0. */
export interface JsonlSinkOptions {
  /** The file, or for `jsonl_gz` what its numbered files are named after; missing folders are made. */
  readonly path: string
  /** `jsonl`: this very file. `jsonl_gz`: numbered gzip files beside it. @defaultValue `jsonl` */
  readonly format?: 'jsonl' | 'jsonl_gz'
  /** Rows are written when this many bytes wait. @defaultValue 1048576 */
  readonly bufferBytes?: number
  /** Rows are written after this many milliseconds at the latest. @defaultValue 1000 */
  readonly flushIntervalMs?: number
  /** Uncompressed bytes in one file of `jsonl_gz`. @defaultValue 268435456 */
  readonly rollBytes?: number
  /** Rows in one file of `jsonl_gz`. @defaultValue no limit */
  readonly rollLines?: number
  /** Bytes that wait at most while the disk is slow; more are dropped. @defaultValue 67108864 */
  readonly capacityBytes?: number
  /** Milliseconds that `close` waits at most for the disk. @defaultValue 5000 */
  readonly closeTimeoutMs?: number
}

/** The numbers among the options, each given or by default. */
export type Limits = Required<Omit<JsonlSinkOptions, 'path' | 'format'>>

/** @throws DynamoAgentError `DYN_INVALID_OPTION` where a number is not above 0. */
export function resolveLimits(options: JsonlSinkOptions): Limits {
  const limits: Limits = {
    bufferBytes: options.bufferBytes ?? 1_048_576,
    flushIntervalMs: options.flushIntervalMs ?? 1000,
    rollBytes: options.rollBytes ?? 268_435_456,
    rollLines: options.rollLines ?? Infinity,
    capacityBytes: options.capacityBytes ?? 67_108_864,
    closeTimeoutMs: options.closeTimeoutMs ?? 5000,
  }
  requireAboveZero(limits)
  return limits
}
