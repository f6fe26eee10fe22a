// SPDX-License-Identifier: Apache-2.0
import type { ToolRecord } from '@dynamo-agent/core'
import type { Request, ToolSpan } from './trace-model.ts'

/**
 * The tool calls that the model asked for and nobody reported, as the
 * converter that ships with Dynamo reads them: from the end of the request
 * that asked to the start of its trajectory's next one. Without a next one, or
 * with one that began earlier, nothing tells how long the call took: its span
 * has no length.
 *
 * @param requests Of one trajectory, by start.
 * @param reported All tool rows of that trajectory.
 */
export function inferToolCalls(requests: readonly Request[], reported: readonly ToolRecord[]): ToolSpan[] {
  const reportedIds = new Set(reported.map((row) => row.tool.toolCallId))
  const spans: ToolSpan[] = []
  for (const [index, request] of requests.entries()) {
    const nextStartMs = requests[index + 1]?.startMs ?? request.endMs
    for (const asked of request.record.request.finish?.toolCalls ?? []) {
      // A call without an id cannot be told from the reported ones.
      const isReported = asked.id === undefined ? reportedIds.size > 0 : reportedIds.has(asked.id)
      if (isReported) continue
      spans.push({
        kind: 'tool',
        timing: 'inferred',
        call: { toolCallId: asked.id ?? 'unknown-tool-call', toolClass: asked.name ?? 'unknown' },
        failed: false,
        startMs: request.endMs,
        endMs: Math.max(request.endMs, nextStartMs),
        asked: { by: request, as: asked },
      })
    }
  }
  return spans
}
