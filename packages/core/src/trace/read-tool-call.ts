// SPDX-License-Identifier: Apache-2.0
import type { ToolCall, ToolStatus } from '../tool/tool-event.ts'
import { compact, isFields, number, text } from './loose-fields.ts'

/** Reads the tool of a row; undefined where the row does not say which call it is. */
export function readToolCall(value: unknown): ToolCall | undefined {
  if (!isFields(value)) return undefined
  const toolCallId = text(value.tool_call_id)
  const toolClass = text(value.tool_class)
  if (toolCallId === undefined || toolClass === undefined) return undefined
  return compact({
    toolCallId,
    toolClass,
    startedAtMs: number(value.started_at_unix_ms),
    endedAtMs: number(value.ended_at_unix_ms),
    status: normalizeToolStatus(value.status),
    durationMs: number(value.duration_ms),
    outputTokens: number(value.output_tokens),
    outputBytes: number(value.output_bytes),
    toolNameHash: text(value.tool_name_hash),
    errorType: text(value.error_type),
  })
}

const toolStatuses: Readonly<Record<string, ToolStatus>> = {
  running: 'running',
  ok: 'succeeded',
  success: 'succeeded',
  succeeded: 'succeeded',
  failed: 'error',
  error: 'error',
  timeout: 'cancelled',
  canceled: 'cancelled',
  cancelled: 'cancelled',
}

/** Every spelling that Dynamo's ingest accepts (measured on 1.2.1 to 1.6.1); undefined for any other. */
export function normalizeToolStatus(value: unknown): ToolStatus | undefined {
  return typeof value === 'string' && Object.hasOwn(toolStatuses, value) ? toolStatuses[value] : undefined
}
