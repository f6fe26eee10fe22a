// SPDX-License-Identifier: Apache-2.0
import type {
  RecordIdentity,
  RequestMetrics,
  RequestRecord,
  ToolCall,
  ToolEventType,
  ToolRecord,
} from '@dynamo-agent/core'

interface Place {
  /** Absent: a row without context. */
  readonly trajectory?: string
  readonly parent?: string
  /** Present: a row as Dynamo 1.2 writes it. */
  readonly session?: string
}

export type RequestInput = Place & {
  readonly start: number
  readonly total?: number
  readonly id?: string
  readonly metrics?: Partial<RequestMetrics>
  /** Ids of the tool calls that the model asked for. */
  readonly asks?: readonly string[]
}

/** A request_end row, times in milliseconds from an epoch of its own. */
export function request({ start, total = 0, id, metrics = {}, asks, ...place }: RequestInput): RequestRecord {
  return {
    type: 'request_end',
    ...base(place),
    eventTimeMs: Math.round(start + total),
    request: {
      requestId: id ?? `${place.trajectory ?? 'free'}@${start}+${total}`,
      receivedMs: start,
      totalMs: total,
      ...(asks && { finish: { toolCalls: asks.map(asked), choices: [] } }),
      ...metrics,
    },
  }
}

export type ToolInput = Place & { readonly at: number; readonly id?: string } & Partial<ToolCall>

export const toolStart = (input: ToolInput): ToolRecord => toolRow('tool_start', input)
export const toolEnd = (input: ToolInput): ToolRecord => toolRow('tool_end', input)
export const toolError = (input: ToolInput): ToolRecord => toolRow('tool_error', input)

/** The one row of a call that carries both its times. */
export function toolCall({ from, to, ...rest }: Place & { from: number; to: number; id?: string }): ToolRecord {
  return toolEnd({ at: to, startedAtMs: from, endedAtMs: to, ...rest })
}

function toolRow(type: ToolEventType, input: ToolInput): ToolRecord {
  const { at, id = 'call_1', trajectory, parent, session, ...tool } = input
  const place = {
    ...(trajectory !== undefined && { trajectory }),
    ...(parent !== undefined && { parent }),
    ...(session !== undefined && { session }),
  }
  return { type, ...base(place), eventTimeMs: at, tool: { toolCallId: id, toolClass: 'bash', ...tool } }
}

function base(place: Place) {
  const identity = identityOf(place)
  return {
    schema: place.session === undefined ? 'dynamo.request.trace.v1' : 'dynamo.agent.trace.v1',
    ...(identity && { identity }),
  } as const
}

function identityOf({ trajectory, parent, session }: Place): RecordIdentity | undefined {
  if (trajectory === undefined) return undefined
  return {
    trajectoryId: trajectory,
    ...(session !== undefined && { sessionId: session, sessionTypeId: 'test' }),
    ...(parent !== undefined && { parentTrajectoryId: parent }),
  }
}

function asked(id: string, toolCallIndex: number) {
  return { choiceIndex: 0, toolCallIndex, id, name: 'bash' }
}
