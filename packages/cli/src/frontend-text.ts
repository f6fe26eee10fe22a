// SPDX-License-Identifier: Apache-2.0
import type { LocalFrontendCounters, ModelOptions } from '@dynamo-agent/local-frontend'
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
