// SPDX-License-Identifier: Apache-2.0
import { lowerBound } from './search.ts'
import type { Edge, Trajectory } from './trace-model.ts'

/**
 * From each tool call to the request that got its result: the first of its
 * trajectory that starts once the call has ended. Both clocks count whole
 * milliseconds, so an end within the millisecond of the start counts as before.
 */
export function findResultEdges(trajectory: Trajectory): Edge[] {
  const edges: Edge[] = []
  for (const tool of trajectory.toolCalls) {
    if (tool.timing === 'unended') continue
    const limitMs = Math.max(tool.startMs, Math.floor(tool.endMs))
    const index = lowerBound(trajectory.requests, limitMs, (request) => request.startMs)
    const first = trajectory.requests[index]
    // A request without length is over as soon as it asks.
    const next = first === tool.asked?.by ? trajectory.requests[index + 1] : first
    if (next === undefined) continue
    const provenance = tool.timing === 'inferred' ? 'inferred' : 'derived'
    edges.push({ kind: 'result', from: tool, to: next, provenance })
  }
  return edges
}
