// SPDX-License-Identifier: Apache-2.0
import type { TimelineFormatName } from '../formats.ts'
import type { TimelineOptions } from '../write/timeline-options.ts'

/** What a timeline holds, and how it is written. */
export interface TimelineSize {
  readonly requests: number
  readonly toolCalls: number
  /** @defaultValue `perfetto` */
  readonly format?: TimelineFormatName
  /** @defaultValue everything is drawn */
  readonly timeline?: Pick<TimelineOptions, 'stages' | 'markers' | 'args'>
}

/** What showing a timeline will take, within a third or so. */
export interface UiLoad {
  readonly slices: number
  /** Memory of the engine that viewers run. */
  readonly bytes: number
  /** Until the timeline is there, on a computer of 2024. */
  readonly seconds: number
  /** What to write instead, in one sentence; absent where viewers cope. */
  readonly advice?: string
}

/**
 * Bytes that Perfetto's engine (v55.3, in 32-bit WebAssembly as in a browser)
 * was measured to take for each request or tool call besides its slices: its
 * arguments, and the texts in them.
 */
const recordBytes: Readonly<Record<TimelineFormatName, Readonly<Record<'full' | 'minimal', number>>>> = {
  perfetto: { full: 700, minimal: 500 },
  'chrome-json': { full: 2600, minimal: 1100 },
}

const SLICE_BYTES = 230

/** Three million slices of a native trace took 17 s; JSON takes longer the more it tells. */
const sliceSeconds: Readonly<Record<TimelineFormatName, number>> = { perfetto: 5.5e-6, 'chrome-json': 9e-6 }

/** Half of the 4 GB that the engine can have at most: some 1.5 million requests and tool calls with all there is. */
const COMFORTABLE_BYTES = 2e9

/** Estimates what Perfetto's UI will need to show a timeline, and tells what to do if that is too much. */
export function estimateUiLoad({ requests, toolCalls, format = 'perfetto', timeline = {} }: TimelineSize): UiLoad {
  const { stages = true, markers = true, args = 'full' } = timeline
  const slices = requests * (1 + (stages ? 3 : 0) + (markers ? 1 : 0)) + toolCalls
  const bytes = slices * SLICE_BYTES + (requests + toolCalls) * recordBytes[format][args]
  const seconds = slices * sliceSeconds[format]
  if (bytes <= COMFORTABLE_BYTES) return { slices, bytes, seconds }
  const smaller = [
    ...(format === 'perfetto' ? [] : ['--format perfetto']),
    ...(stages ? ['--no-stages'] : []),
    ...(args === 'full' ? ['--args minimal'] : []),
  ]
  const instead = smaller.length > 0 ? `Write it with ${smaller.join(' ')}, or in parts` : 'Write it in parts'
  return { slices, bytes, seconds, advice: `${instead} with --split-by hour: a browser gives a page 4 GB at most.` }
}
