// SPDX-License-Identifier: Apache-2.0
import { isFields, type Fields } from '../trace/loose-fields.ts'
import {
  HARNESS_SCHEMA,
  type Checkpoint,
  type Compaction,
  type ContextSize,
  type HarnessEventType,
  type HarnessIdentity,
  type HarnessOutcome,
  type HarnessRecord,
  type RequestError,
  type SessionEnd,
  type SessionStart,
  type SettingChange,
  type TokenUsage,
  type Turn,
  type UserWait,
} from './harness-record.ts'
import type { WireHarnessRow } from './harness-schemas.ts'
import { amount, count, difference, flag, name, oneOf, optional, required, struct, type WireType } from './wire-type.ts'

const outcome = oneOf<HarnessOutcome>('succeeded', 'error', 'cancelled')

const base = struct<Pick<HarnessRecord, 'eventTimeMs' | 'source' | 'identity'>>({
  eventTimeMs: required('event_time_unix_ms', count),
  source: required('event_source', name),
  identity: required(
    'agent_context',
    struct<HarnessIdentity>({
      sessionTypeId: optional('session_type_id', name),
      sessionId: required('session_id', name),
      trajectoryId: required('trajectory_id', name),
      parentTrajectoryId: optional('parent_trajectory_id', name),
    }),
  ),
})

const contextSize = struct<ContextSize>({
  messages: required('messages', count),
  bytes: required('bytes', count),
  tokens: optional('tokens', count),
})

const contextGrowth = struct<ContextSize>({
  messages: required('messages', difference),
  bytes: required('bytes', difference),
  tokens: optional('tokens', difference),
})

const usage = struct<TokenUsage>({
  inputTokens: optional('input_tokens', count),
  outputTokens: optional('output_tokens', count),
  cachedTokens: optional('cached_tokens', count),
  costUsd: optional('cost_usd', amount),
})

const turn = struct<Turn>({
  turnIndex: required('turn_index', count),
  startedAtMs: required('started_at_unix_ms', count),
  durationMs: required('duration_ms', amount),
  provider: required('provider', name),
  model: required('model', name),
  requestId: optional('request_id', name),
  outcome: required('outcome', outcome),
  toolCalls: optional('tool_calls', count),
  context: required('context', contextSize),
  growth: optional('growth', contextGrowth),
  usage: optional('usage', usage),
})

const requestError = struct<RequestError>({
  provider: required('provider', name),
  model: required('model', name),
  requestId: optional('request_id', name),
  status: optional('status', count),
  errorType: optional('error_type', name),
  attempt: required('attempt', count),
  willRetry: required('will_retry', flag),
  delayMs: optional('delay_ms', amount),
})

const compaction = struct<Compaction>({
  reason: required('reason', name),
  startedAtMs: required('started_at_unix_ms', count),
  durationMs: required('duration_ms', amount),
  tokensBefore: required('tokens_before', count),
  tokensAfter: optional('tokens_after', count),
  messagesBefore: optional('messages_before', count),
  messagesAfter: optional('messages_after', count),
  outcome: required('outcome', outcome),
})

const checkpoint = struct<Checkpoint>({
  bytes: required('bytes', count),
  totalBytes: required('total_bytes', count),
})

const settingChange = struct<SettingChange>({
  setting: required('setting', oneOf('model', 'thinking_level')),
  from: optional('from', name),
  to: required('to', name),
})

const userWait = struct<UserWait>({
  startedAtMs: required('started_at_unix_ms', count),
  durationMs: required('duration_ms', amount),
})

const sessionStart = struct<SessionStart>({ reason: required('reason', name) })

const sessionEnd = struct<SessionEnd>({
  reason: required('reason', name),
  durationMs: required('duration_ms', amount),
  turns: required('turns', count),
  toolCalls: required('tool_calls', count),
  requestErrors: optional('request_errors', count),
  compactions: optional('compactions', count),
})

/** What a row tells beyond its base stands under one key, which record and wire share. */
interface Detail {
  readonly key: string
  readonly type: WireType<object>
}

const details: Readonly<Record<HarnessEventType, Detail>> = {
  session_start: { key: 'session', type: sessionStart },
  turn_end: { key: 'turn', type: turn },
  request_error: { key: 'error', type: requestError },
  compaction: { key: 'compaction', type: compaction },
  checkpoint: { key: 'checkpoint', type: checkpoint },
  setting_change: { key: 'change', type: settingChange },
  user_wait: { key: 'wait', type: userWait },
  session_end: { key: 'session', type: sessionEnd },
}

export function isHarnessEventType(value: unknown): value is HarnessEventType {
  return typeof value === 'string' && Object.hasOwn(details, value)
}

/**
 * A record as a harness log holds it. Numbers are made to fit: times and
 * counts become whole and none is below 0; a name is cut after 256 characters.
 * Never throws.
 *
 * @returns undefined when a field that a row must have cannot be written, such as a time that is NaN.
 */
export function encodeHarnessRecord(record: HarnessRecord): WireHarnessRow | undefined {
  const fields: unknown = record
  if (!isFields(fields) || !isHarnessEventType(fields.type)) return undefined
  const { key, type } = details[fields.type]
  const head = base.write(record)
  const detail = type.write(fields[key] as object)
  if (head === undefined || detail === undefined) return undefined
  return { schema: HARNESS_SCHEMA, event_type: fields.type, ...head, [key]: detail } as WireHarnessRow
}

/**
 * Reads a row of a harness log. Loose: unknown keys pass, an optional field of
 * the wrong type counts as absent.
 *
 * @returns undefined when something is missing that every row of its type has.
 */
export function readHarnessRow(type: HarnessEventType, row: Fields): HarnessRecord | undefined {
  const detail = details[type]
  const head = base.read(row)
  const body = detail.type.read(row[detail.key])
  if (head === undefined || body === undefined) return undefined
  return { type, ...head, [detail.key]: body } as unknown as HarnessRecord
}
