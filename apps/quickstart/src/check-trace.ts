// SPDX-License-Identifier: Apache-2.0
import type { TraceModel } from '@dynamo-agent/trace-tools'
import type { FinishedToolCall } from './pi-events.ts'

/** What the trace must tell, from what was seen of the agent itself. */
export interface Expectation {
  readonly sessionId: string
  /** Tool calls of the leading agent, as it reported them. */
  readonly toolCalls: readonly FinishedToolCall[]
}

/**
 * Compares a trace with what happened.
 *
 * @returns What does not agree, or undefined.
 */
export function findDisagreement(model: TraceModel, { sessionId, toolCalls }: Expectation): string | undefined {
  const [session, ...others] = model.sessions
  if (session?.id !== sessionId || others.length > 0) {
    return `the trace holds ${model.sessions.length} sessions instead of ${sessionId} alone`
  }
  const { trajectories } = session
  const [root, ...children] = trajectories
  const delegations = toolCalls.filter(({ name }) => name === 'subagent')
  if (root?.id !== sessionId || children.length !== delegations.length) {
    return `the trace holds ${trajectories.length} trajectories for one agent and ${delegations.length} subagents`
  }
  for (const { id } of delegations) {
    const child = children.find((trajectory) => trajectory.id.endsWith(id))
    if (child?.parentId !== root.id) return `no trajectory with the right parent belongs to tool call ${id}`
  }
  const silent = trajectories.find(({ requests }) => requests.length === 0)
  if (silent !== undefined) return `the trace holds no request of trajectory ${silent.id}`

  for (const call of toolCalls) {
    const recorded = root.toolCalls.find((span) => span.call.toolCallId === call.id)
    if (recorded === undefined) return `the trace lacks tool call ${call.id} (${call.name})`
    if (recorded.failed !== call.failed) return `tool call ${call.id} (${call.name}) has the wrong outcome in the trace`
  }
  const spans = trajectories.flatMap((trajectory) => trajectory.toolCalls)
  const unpaired = spans.find(({ timing }) => timing === 'inferred' || timing === 'unended')
  if (unpaired !== undefined) return `tool call ${unpaired.call.toolCallId} has no start or no end in the trace`
  return spans.some(({ failed }) => failed) ? undefined : 'the trace holds no failed tool call, though one failed'
}
