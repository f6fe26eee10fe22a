// SPDX-License-Identifier: Apache-2.0
import type { ConvertTraceProgress } from '@dynamo-agent/trace-tools'
import { formatCount, formatDuration, formatShare } from './format.ts'

/** Before that a rate says more about the start than about the work. */
const SETTLED_MS = 2000

/** `412,903 rows read (217 k rows/s), 41 %, 3.2 s left`, as far as it is known. */
export function describeConversion({ census, totalBytes }: ConvertTraceProgress, elapsedMs: number): string {
  const rows = `${formatCount(census.rows.read)} rows read`
  if (elapsedMs < SETTLED_MS) return rows
  const rate = ` (${formatCount(Math.round(census.rows.read / elapsedMs))} k rows/s)`
  const bytes = census.inputs.reduce((sum, input) => sum + input.bytes, 0)
  if (totalBytes === undefined || totalBytes === 0 || bytes === 0) return rows + rate
  // A live file grows.
  const share = Math.min(1, bytes / totalBytes)
  const left = formatDuration((elapsedMs * (1 - share)) / share)
  return `${rows}${rate}, ${formatShare(share)}, ${left} left`
}
