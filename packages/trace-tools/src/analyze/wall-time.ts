// SPDX-License-Identifier: Apache-2.0
import type { AnalyzeModule } from './analyze-module.ts'

/**
 * What the time went to. Where several things ran at once, the first of this
 * list counts:
 *
 * - `decode`, `prefill`, `prefill wait`: the stages of requests;
 * - `request`: a request was running, but its row does not say in which stage;
 * - `tools`: tool calls, inferred ones too; those that never ended count for nothing;
 * - `agent`: nothing of all this, the agent itself was at work or waiting for a person.
 */
export type WallTimeName = 'decode' | 'prefill' | 'prefill wait' | 'request' | 'tools' | 'agent'

/** The time that went to one thing. */
export interface WallTimePart {
  readonly name: WallTimeName
  readonly ms: number
  /** Of the whole, 0 to 1. */
  readonly share: number
}

/** Where the time of a trace went, each moment counted once. */
export interface WallTime {
  /** Time in which any session was running. */
  readonly totalMs: number
  /** Always all six, in order of priority; they add up to the whole. */
  readonly parts: readonly WallTimePart[]
}

/** In the order of assembly/analyze/wall-time.ts. */
const names: readonly WallTimeName[] = ['decode', 'prefill', 'prefill wait', 'request', 'tools', 'agent']

/** Divides the time in which sessions were running among what was done in it. */
export function divideWallTime(module: AnalyzeModule): WallTime {
  const totalMs = module.coveredMs(names.indexOf('agent'))
  let coveredMs = 0
  const parts = names.map((name, layer): WallTimePart => {
    const untilNowMs = coveredMs
    coveredMs = Math.max(coveredMs, module.coveredMs(layer))
    const ms = coveredMs - untilNowMs
    return { name, ms, share: totalMs > 0 ? ms / totalMs : 0 }
  })
  return { totalMs: coveredMs, parts }
}
