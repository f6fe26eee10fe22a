// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from '../model/model-sink.ts'
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

/** Divides the time in which sessions were running among what was done in it. */
export interface WallTimeDivision extends ModelSink {
  /** Complete after the end. */
  result(): WallTime
}

/** In the order of assembly/analyze/wall-time.ts. */
const names: readonly WallTimeName[] = ['decode', 'prefill', 'prefill wait', 'request', 'tools', 'agent']

export function createWallTimeDivision(module: AnalyzeModule): WallTimeDivision {
  return {
    request({ trajectory, startMs, endMs, waitEndMs, prefillEndMs, decodeStartMs }) {
      module.coverRequest(startMs, endMs, waitEndMs, prefillEndMs, decodeStartMs)
      // Without a session there is no run that goes on between requests.
      if (trajectory.contextFree) module.coverAgent(startMs, endMs)
    },
    tool({ trajectory, timing, isTwofold, startMs, endMs }) {
      if (timing !== 'unended' && isTwofold !== true) module.coverTools(startMs, endMs)
      if (trajectory.contextFree) module.coverAgent(startMs, endMs)
    },
    end({ sessions }) {
      for (const { id, startMs, endMs } of sessions) if (id !== undefined) module.coverAgent(startMs, endMs)
    },
    result() {
      const totalMs = module.coveredMs(names.indexOf('agent'))
      let coveredMs = 0
      const parts = names.map((name, layer): WallTimePart => {
        const untilNowMs = coveredMs
        coveredMs = Math.max(coveredMs, module.coveredMs(layer))
        const ms = coveredMs - untilNowMs
        return { name, ms, share: totalMs > 0 ? ms / totalMs : 0 }
      })
      return { totalMs: coveredMs, parts }
    },
  }
}
