// SPDX-License-Identifier: Apache-2.0
import type { ToolCall, ToolEvent, ToolEventType } from '../tool/tool-event.ts'
import { normalizeToolStatus } from '../trace/read-tool-call.ts'
import type { WireToolCall } from '../trace/schemas.ts'
import { WireFloat } from './wire-float.ts'

/** What both dialects share: the `tool` object and the checks that Dynamo's decoder makes on it. */

type Fields = Readonly<Record<string, unknown>>

const toolKeys = [
  'tool_call_id',
  'tool_class',
  'started_at_unix_ms',
  'ended_at_unix_ms',
  'status',
  'duration_ms',
  'output_tokens',
  'output_bytes',
  'tool_name_hash',
  'error_type',
]

/** The reason why a record is dropped, as a sentence for the log. */
export class RejectedToolEvent extends Error {}

export function encodeToolFields({ timeMs, type, tool }: ToolEvent): Record<string, unknown> {
  return {
    event_type: type,
    event_time_unix_ms: Math.round(timeMs),
    event_source: 'harness',
    tool: encodeToolCall(tool),
  }
}

function encodeToolCall(tool: ToolCall): WireToolCall {
  return {
    tool_call_id: tool.toolCallId,
    tool_class: tool.toolClass,
    ...encodeUnsigned('started_at_unix_ms', tool.startedAtMs),
    ...encodeUnsigned('ended_at_unix_ms', tool.endedAtMs),
    ...(tool.status !== undefined && { status: tool.status }),
    ...(tool.durationMs !== undefined && Number.isFinite(tool.durationMs) && { duration_ms: tool.durationMs }),
    ...encodeUnsigned('output_tokens', tool.outputTokens),
    ...encodeUnsigned('output_bytes', tool.outputBytes),
    ...(tool.toolNameHash !== undefined && { tool_name_hash: tool.toolNameHash }),
    ...(tool.errorType !== undefined && { error_type: tool.errorType }),
  }
}

/** One optional field that Dynamo would drop the whole record for is worth less than the record. */
function encodeUnsigned<Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> {
  if (value === undefined || !Number.isFinite(value) || value < 0) return {}
  return { [key]: Math.round(value) } as Record<Key, number>
}

/**
 * Decodes what every generation requires of a record. A duration that is not
 * finite comes back as null: 1.2 writes it so, later releases drop the record.
 */
export function decodeToolFields(record: Fields): {
  event_type: ToolEventType
  event_time_unix_ms: number
  event_source: 'harness'
  tool: WireToolCall
} {
  const type = record.event_type
  if (type !== 'tool_start' && type !== 'tool_end' && type !== 'tool_error') {
    throw new RejectedToolEvent(`expected tool event, got ${JSON.stringify(type)}`)
  }
  const tool = structFields(record.tool, toolKeys)
  if (tool === undefined) throw new RejectedToolEvent('missing field `tool`')
  const time = unsigned(record, 'event_time_unix_ms')
  if (time === undefined) throw new RejectedToolEvent('missing field `event_time_unix_ms`')
  return {
    event_type: type,
    event_time_unix_ms: time,
    event_source: 'harness',
    tool: decodeToolCall(tool),
  }
}

function decodeToolCall(tool: Fields): WireToolCall {
  const startedAt = unsigned(tool, 'started_at_unix_ms')
  const endedAt = unsigned(tool, 'ended_at_unix_ms')
  const durationMs = duration(tool.duration_ms ?? undefined)
  const outputTokens = unsigned(tool, 'output_tokens')
  const outputBytes = unsigned(tool, 'output_bytes')
  const nameHash = optionalText(tool, 'tool_name_hash')
  const errorType = optionalText(tool, 'error_type')
  const given = tool.status ?? undefined
  const status = normalizeToolStatus(given)
  if (given !== undefined && status === undefined) {
    throw new RejectedToolEvent(`unknown variant \`${JSON.stringify(given)}\` of tool status`)
  }
  return {
    tool_call_id: requiredText(tool, 'tool_call_id'),
    tool_class: requiredText(tool, 'tool_class'),
    ...(startedAt !== undefined && { started_at_unix_ms: startedAt }),
    ...(endedAt !== undefined && { ended_at_unix_ms: endedAt }),
    ...(status !== undefined && { status }),
    ...(durationMs !== undefined && { duration_ms: durationMs }),
    ...(outputTokens !== undefined && { output_tokens: outputTokens }),
    ...(outputBytes !== undefined && { output_bytes: outputBytes }),
    ...(nameHash !== undefined && { tool_name_hash: nameHash }),
    ...(errorType !== undefined && { error_type: errorType }),
  }
}

function duration(value: unknown): number | null | undefined {
  if (value === undefined) return undefined
  const number = value instanceof WireFloat ? value.value : value
  if (typeof number !== 'number') throw new RejectedToolEvent('invalid `duration_ms`, expected f64')
  return Number.isFinite(number) ? number : null
}

/**
 * The fields of a struct. Dynamo's decoder takes a map with any further keys,
 * or an array that holds every field in the order of its own definition
 * (measured on 1.2.1 to 1.6.1); `keys` is that order.
 *
 * @returns undefined when the value is neither.
 */
export function structFields(value: unknown, keys: readonly string[]): Fields | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return value as Fields
  const elements: readonly unknown[] = value
  if (elements.length === keys.length) return Object.fromEntries(keys.map((key, index) => [key, elements[index]]))
  throw new RejectedToolEvent(`invalid length ${elements.length}, expected ${keys.length} elements`)
}

export function requiredText(fields: Fields, key: string): string {
  const value = optionalText(fields, key)
  if (value === undefined) throw new RejectedToolEvent(`missing field \`${key}\``)
  return value
}

/** nil counts as absent, as in Dynamo. */
export function optionalText(fields: Fields, key: string): string | undefined {
  const value = fields[key] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new RejectedToolEvent(`\`${key}\` is not a string`)
}

/** Dynamo's times and counts are u64: a float there fails the whole record. */
function unsigned(fields: Fields, key: string): number | undefined {
  const value = fields[key] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new RejectedToolEvent(`invalid \`${key}\`, expected u64`)
}

/** Runs a decoder and turns its rejection into a verdict. */
export function verdict<Row>(decode: () => Row): { accepted: true; row: Row } | { accepted: false; reason: string } {
  try {
    return { accepted: true, row: decode() }
  } catch (error) {
    if (error instanceof RejectedToolEvent) return { accepted: false, reason: error.message }
    throw error
  }
}
