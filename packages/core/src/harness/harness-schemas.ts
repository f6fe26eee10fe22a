// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { MAX_NAME_LENGTH } from './wire-type.ts'

/**
 * The strict schema of every row of a harness log, for writers and for
 * validation. Unknown keys fail; readers use parseTraceLine, which lets them
 * pass.
 */
const name = z.string().min(1).max(MAX_NAME_LENGTH)
const count = z.int().nonnegative()
const epochMilliseconds = z.int().nonnegative()
const milliseconds = z.number().nonnegative()
const outcome = z.enum(['succeeded', 'error', 'cancelled'])

const base = {
  schema: z.literal('dynamo.agent.harness.v1'),
  event_time_unix_ms: epochMilliseconds,
  event_source: name,
  agent_context: z.strictObject({
    session_type_id: name.optional(),
    session_id: name,
    trajectory_id: name,
    parent_trajectory_id: name.optional(),
  }),
}

const turn = z.strictObject({
  turn_index: count,
  started_at_unix_ms: epochMilliseconds,
  duration_ms: milliseconds,
  provider: name,
  model: name,
  request_id: name.optional(),
  outcome,
  tool_calls: count.optional(),
  context: z.strictObject({ messages: count, bytes: count, tokens: count.optional() }),
  growth: z.strictObject({ messages: z.int(), bytes: z.int(), tokens: z.int().optional() }).optional(),
  usage: z
    .strictObject({
      input_tokens: count.optional(),
      output_tokens: count.optional(),
      cached_tokens: count.optional(),
      cost_usd: z.number().nonnegative().optional(),
    })
    .optional(),
})

const requestError = z.strictObject({
  provider: name,
  model: name,
  request_id: name.optional(),
  status: count.optional(),
  error_type: name.optional(),
  attempt: count,
  will_retry: z.boolean(),
  delay_ms: milliseconds.optional(),
})

const compaction = z.strictObject({
  reason: name,
  started_at_unix_ms: epochMilliseconds,
  duration_ms: milliseconds,
  tokens_before: count,
  tokens_after: count.optional(),
  messages_before: count.optional(),
  messages_after: count.optional(),
  outcome,
})

const sessionEnd = z.strictObject({
  reason: name,
  duration_ms: milliseconds,
  turns: count,
  tool_calls: count,
  request_errors: count.optional(),
  compactions: count.optional(),
})

export const harnessRowSchema = z.discriminatedUnion('event_type', [
  z.strictObject({
    ...base,
    event_type: z.literal('session_start'),
    session: z.strictObject({ reason: name }),
  }),
  z.strictObject({ ...base, event_type: z.literal('turn_end'), turn }),
  z.strictObject({ ...base, event_type: z.literal('request_error'), error: requestError }),
  z.strictObject({ ...base, event_type: z.literal('compaction'), compaction }),
  z.strictObject({
    ...base,
    event_type: z.literal('checkpoint'),
    checkpoint: z.strictObject({ bytes: count, total_bytes: count }),
  }),
  z.strictObject({
    ...base,
    event_type: z.literal('setting_change'),
    change: z.strictObject({ setting: z.enum(['model', 'thinking_level']), from: name.optional(), to: name }),
  }),
  z.strictObject({
    ...base,
    event_type: z.literal('user_wait'),
    wait: z.strictObject({ started_at_unix_ms: epochMilliseconds, duration_ms: milliseconds }),
  }),
  z.strictObject({ ...base, event_type: z.literal('session_end'), session: sessionEnd }),
])

export type WireHarnessRow = z.infer<typeof harnessRowSchema>
