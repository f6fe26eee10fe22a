// SPDX-License-Identifier: Apache-2.0
import type { FrontendEvent, LocalFrontendCounters, ModelOptions } from '@dynamo-agent/local-frontend'
import { formatCount, formatCounted } from './format.ts'

/** `scripted model, 2 simulated workers` */
export function describeModel(model: ModelOptions): string {
  if ('upstream' in model) return `passes on to ${model.upstream}`
  const workers = model.engine?.workers
  return workers === undefined ? 'scripted model' : `scripted model, ${formatCounted(workers, 'simulated worker')}`
}

/** A line for each kind of thing that was lost; none when nothing was. */
export function describeDrops({ toolEvents, rows }: LocalFrontendCounters): string[] {
  const reasons = Object.entries(toolEvents.droppedByReason).map(([reason, count]) => `${formatCount(count)} ${reason}`)
  return [
    ...(toolEvents.dropped > 0
      ? [`dropped ${formatCounted(toolEvents.dropped, 'tool event')}: ${reasons.join(', ')}`]
      : []),
    ...(rows.dropped > 0 ? [`lost ${formatCounted(rows.dropped, 'row')}: the trace file could not be written`] : []),
  ]
}

/** How often each status of an error was answered. */
export interface StatusCounts {
  readonly failed: ReadonlyMap<number, number>
  /** Told what happens in the frontend. */
  readonly listen: (event: FrontendEvent) => void
}

export function countStatuses(): StatusCounts {
  const failed = new Map<number, number>()
  return {
    failed,
    listen(event) {
      if (event.type !== 'request-answered' || event.status < 400) return
      failed.set(event.status, (failed.get(event.status) ?? 0) + 1)
    },
  }
}

/** `5 requests failed: 4 with status 502, 1 with status 404`, most frequent first; nothing when none did. */
export function describeFailures({ failed }: StatusCounts): string[] {
  if (failed.size === 0) return []
  const ranked = [...failed].sort(([, left], [, right]) => right - left)
  const total = ranked.reduce((sum, [, count]) => sum + count, 0)
  const each = ranked.map(([status, count]) => `${formatCount(count)} with status ${status}`)
  return [`${formatCounted(total, 'request')} failed: ${each.join(', ')}`]
}
