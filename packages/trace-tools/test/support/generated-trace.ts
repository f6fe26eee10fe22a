// SPDX-License-Identifier: Apache-2.0
import { generateTrace, type TraceOptions } from '../../bench/generator/generate-trace.ts'
import type { Truth } from '../../bench/generator/truth.ts'

/** A trace that is made up, as a whole, and what it holds. */
export function generated(options: TraceOptions): { bytes: Buffer; lines: string[]; truth: Truth } {
  const trace = generateTrace(options)
  const chunks: Uint8Array[] = []
  let next = trace.next()
  for (; next.done !== true; next = trace.next()) chunks.push(next.value)
  const bytes = Buffer.concat(chunks)
  return { bytes, lines: bytes.toString().split('\n').slice(0, -1), truth: next.value }
}
