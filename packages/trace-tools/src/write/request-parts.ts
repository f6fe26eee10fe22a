// SPDX-License-Identifier: Apache-2.0
import type { Request, Stage } from '../model/trace-model.ts'
import type { TimelineOptions } from './timeline-options.ts'

/** What is drawn inside a request: its stages, and a mark at the first token. */
export type RequestPart =
  (Stage & { readonly kind: 'stage' }) | { readonly kind: 'first token'; readonly startMs: number }

/**
 * The parts of a request in the order to write them. The mark stands between
 * prefill and decode: written after a decode that begins at the same moment it
 * would lie inside it.
 */
export function requestParts(
  request: Request,
  options: Pick<Required<TimelineOptions>, 'stages' | 'markers'>,
): RequestPart[] {
  const stages = options.stages ? request.stages.map((stage) => ({ kind: 'stage' as const, ...stage })) : []
  const firstTokenMs = options.markers ? request.firstTokenMs : undefined
  if (firstTokenMs === undefined) return stages
  const before = stages.filter(({ startMs }) => startMs < firstTokenMs)
  return [...before, { kind: 'first token', startMs: firstTokenMs }, ...stages.slice(before.length)]
}
