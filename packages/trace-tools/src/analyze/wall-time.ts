// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from '../model/model-sink.ts'
import { IntervalUnion } from './interval-union.ts'

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

export function createWallTimeDivision(): WallTimeDivision {
  // Each covers what those before it do and something more, which is its own part.
  const decode = new IntervalUnion()
  const prefill = new IntervalUnion()
  const wait = new IntervalUnion()
  const request = new IntervalUnion()
  const tools = new IntervalUnion()
  const agent = new IntervalUnion()

  return {
    request({ trajectory, startMs, endMs, waitEndMs, prefillEndMs, decodeStartMs }) {
      const waitEnd = startMs + waitEndMs
      const prefillEnd = startMs + prefillEndMs
      if (waitEndMs > 0) wait.add(startMs, waitEnd)
      if (prefillEndMs > waitEndMs) {
        prefill.add(waitEnd, prefillEnd)
        wait.add(waitEnd, prefillEnd)
      }
      // NaN where nothing says when decode began.
      const decodeStart = startMs + decodeStartMs
      if (decodeStart < endMs) {
        decode.add(decodeStart, endMs)
        prefill.add(decodeStart, endMs)
        wait.add(decodeStart, endMs)
      }
      request.add(startMs, endMs)
      tools.add(startMs, endMs)
      // Without a session there is no run that goes on between requests.
      if (trajectory.contextFree) agent.add(startMs, endMs)
    },
    tool({ trajectory, timing, isTwofold, startMs, endMs }) {
      if (timing !== 'unended' && isTwofold !== true) tools.add(startMs, endMs)
      if (trajectory.contextFree) agent.add(startMs, endMs)
    },
    end({ sessions }) {
      for (const { id, startMs, endMs } of sessions) if (id !== undefined) agent.add(startMs, endMs)
    },
    result() {
      const covered = { decode, prefill, 'prefill wait': wait, request, tools, agent } as const
      const totalMs = agent.totalMs
      let coveredMs = 0
      const parts = (Object.keys(covered) as WallTimeName[]).map((name): WallTimePart => {
        const untilNowMs = coveredMs
        coveredMs = Math.max(coveredMs, covered[name].totalMs)
        const ms = coveredMs - untilNowMs
        return { name, ms, share: totalMs > 0 ? ms / totalMs : 0 }
      })
      return { totalMs: coveredMs, parts }
    },
  }
}
