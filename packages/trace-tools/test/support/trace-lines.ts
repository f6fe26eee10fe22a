// SPDX-License-Identifier: Apache-2.0

/** When hand-made traces begin: a whole second, so that expectations are easy to read. */
export const T0 = 1_700_000_000_000

type Fields = Readonly<Record<string, unknown>>

interface Row {
  /** Absent: a row without identity. */
  readonly session?: string
  readonly parent?: string
  /** The whole identity, instead of session and parent. */
  readonly context?: object
  /** @defaultValue that of Dynamo 1.3 and later */
  readonly schema?: string
  /** Milliseconds after T0 of `event_time_unix_ms`. */
  readonly eventTime?: number
}

/** A request_end line as Dynamo writes it; times in milliseconds after T0. Fields that are undefined are left out. */
export function requestLine({ at, total = 50, id, request, ...row }: Row & RequestInput): string {
  const content = {
    request: {
      request_id: id ?? `request-${at}-${at + total}`,
      model: 'tiny-model',
      request_received_ms: T0 + at,
      total_time_ms: total,
      ...request,
    },
  }
  return line({ type: 'request_end', source: 'dynamo', content }, { eventTime: Math.round(at + total), ...row })
}

export interface RequestInput {
  readonly at: number
  readonly total?: number
  readonly id?: string
  /** More fields of the request, or other ones. */
  readonly request?: object
}

/** A tool line as Dynamo writes it; times in milliseconds after T0. */
export function toolLine(type: 'tool_start' | 'tool_end' | 'tool_error', { tool, ...row }: Row & ToolInput): string {
  const content = { tool: { tool_call_id: 'call-1', tool_class: 'bash', ...tool } }
  return line({ type, source: 'harness', content }, row)
}

export interface ToolInput {
  readonly tool?: object
}

/** The line of a tool call that carries both its times. */
export function toolCallLine({ from, to, id = `call-${from}-${to}`, tool, ...row }: Row & ToolCallInput): string {
  const times = { started_at_unix_ms: T0 + from, ended_at_unix_ms: T0 + to, duration_ms: to - from }
  return toolLine('tool_end', {
    eventTime: to,
    ...row,
    tool: { tool_call_id: id, ...times, status: 'succeeded', ...tool },
  })
}

export interface ToolCallInput extends ToolInput {
  readonly from: number
  readonly to: number
  readonly id?: string
}

/** `finish_reason_metadata` of a request whose model asked for tools. */
export function askedFor(...calls: readonly (readonly [id: string | undefined, name: string | undefined])[]): Fields {
  return {
    finish_reason: 'tool_calls',
    tool_calls: calls.map(([id, name], index) => ({ choice_index: 0, tool_call_index: index, id, name })),
    choices: [{ choice_index: 0, finish_reason: 'tool_calls' }],
  }
}

interface EventInput {
  readonly type: string
  readonly source: string
  readonly content: object
}

function line({ type, source, content }: EventInput, { eventTime = 0, ...row }: Row): string {
  const { session, parent, schema = 'dynamo.request.trace.v1' } = row
  const named = session === undefined ? undefined : { session_id: session, parent_session_id: parent }
  const context = row.context ?? named
  return JSON.stringify({
    timestamp: 1,
    event: {
      schema,
      event_type: type,
      event_time_unix_ms: T0 + eventTime,
      event_source: context && source,
      agent_context: context,
      ...content,
    },
  })
}
