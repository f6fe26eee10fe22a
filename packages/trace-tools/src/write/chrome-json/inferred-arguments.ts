// SPDX-License-Identifier: Apache-2.0
import type { AskedCall, TrajectoryState } from '../../model/model-sink.ts'
import type { DrawnCall } from './microseconds.ts'

/** What a call is called whose name may be missing. */
export function toolName(name = ''): string {
  return name === '' ? 'unknown-tool' : name
}

/**
 * The arguments of a call that nobody reported, as the converter that ships
 * with Dynamo has them, each with a comma behind it.
 */
export function inferredArguments(trajectory: TrajectoryState, asked: AskedCall, drawn: DrawnCall): string {
  const { isStretched, start, end } = drawn
  const facts = JSON.stringify({
    ...identity(trajectory),
    event_type: 'inferred_tool_call',
    event_source: 'dynamo',
    source: 'request.finish_reason_metadata.tool_calls',
    inferred: true,
    host_execution: false,
    source_request_id: asked.requestId,
    tool_call_id: asked.id,
    tool_call_index: asked.toolCallIndex,
    choice_index: asked.choiceIndex,
    tool_class: toolName(asked.name),
    duration_unknown: isStretched ? true : undefined,
    [isStretched ? 'overlapping_request_id' : 'next_request_id']: asked.next?.requestId,
  })
  const times: Record<string, number> = { started_at_unix_ms: start }
  if (!isStretched) Object.assign(times, { ended_at_unix_ms: end, duration_ms: end - start })
  const members = Object.entries(times).map(([name, us]) => `"${name}":${inMilliseconds(us)},`)
  return `${facts.slice(1, -1)},${members.join('')}`
}

function identity({ id, parentId, sessionId, sessionTypeId }: TrajectoryState): object {
  return sessionId === undefined
    ? { session_id: id, parent_session_id: parentId }
    : { session_type_id: sessionTypeId, session_id: sessionId, trajectory_id: id, parent_trajectory_id: parentId }
}

/** Always with a fraction: SQL divides other numbers as integers. */
function inMilliseconds(us: number): string {
  const ms = us / 1000
  return Number.isInteger(ms) ? `${ms}.0` : String(ms)
}
