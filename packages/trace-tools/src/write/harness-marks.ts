// SPDX-License-Identifier: Apache-2.0
import { encodeHarnessRecord, type HarnessEventType, type HarnessOutcome, type HarnessRecord } from '@dynamo-agent/core'
import type { HarnessEvent } from '../model/model-sink.ts'
import { category } from './labels.ts'

/** Names of the slices and marks that rows of a harness log become. */
const names: Readonly<Record<HarnessEventType, string>> = {
  session_start: 'session start',
  turn_end: 'turn',
  request_error: 'request error',
  compaction: 'compaction',
  checkpoint: 'checkpoint',
  setting_change: 'setting change',
  user_wait: 'user wait',
  session_end: 'session end',
}

/** Rows that tell of a stretch of time; the others tell of a moment. */
const lasting: ReadonlySet<HarnessEventType> = new Set(['turn_end', 'compaction', 'user_wait'])

export function isLasting({ type }: HarnessRecord): boolean {
  return lasting.has(type)
}

/** A turn or a compaction that came to no good end says so. */
export function harnessName(record: HarnessRecord): string {
  const name = names[record.type]
  const outcome = outcomeOf(record)
  return outcome === undefined || outcome === 'succeeded' ? name : `${name} ${outcome}`
}

function outcomeOf(record: HarnessRecord): HarnessOutcome | undefined {
  if (record.type === 'turn_end') return record.turn.outcome
  return record.type === 'compaction' ? record.compaction.outcome : undefined
}

/** Marks may lie inside of slices, and have a category of their own. */
export function harnessCategory(record: HarnessRecord): string {
  return isLasting(record) ? category.harness : category.harnessMarker
}

export type HarnessArgument = readonly [name: string, value: string | number | boolean]

/**
 * All that a row says but for whose it is and when, under the names of the
 * wire: the tokens of the context are `context_tokens`.
 */
export function harnessArguments(record: HarnessRecord): readonly HarnessArgument[] {
  const row = encodeHarnessRecord(record)
  if (row === undefined) return []
  const { schema: _schema, event_type: _type, event_time_unix_ms: _time, agent_context: _context, ...told } = row
  const { event_source: source, ...detail } = told
  return [['event_source', source], ...Object.values<object>(detail).flatMap((fields) => flatten(fields))]
}

function flatten(fields: object, prefix = ''): HarnessArgument[] {
  return Object.entries(fields).flatMap(([key, value]: [string, unknown]): HarnessArgument[] => {
    if (typeof value === 'object' && value !== null) return flatten(value, `${prefix}${key}_`)
    return [[`${prefix}${key}`, value as HarnessArgument[1]]]
  })
}

/** What a trajectory has of something, as its harness tells. */
export interface HarnessCounter {
  readonly name: string
  readonly unit: string
}

/** Every counter of a trajectory, in the order to show them. */
export const harnessCounters = [
  { name: 'context tokens', unit: 'tokens' },
  { name: 'context size', unit: 'bytes' },
  { name: 'context messages', unit: 'messages' },
  { name: 'cost', unit: 'USD' },
] as const satisfies readonly HarnessCounter[]

const place = { tokens: 0, bytes: 1, messages: 2, cost: 3 } as const

/** From `timeMs` on, the counter at this place of harnessCounters has this value. */
export interface HarnessPoint {
  readonly counter: number
  readonly timeMs: number
  readonly value: number
}

/** What counters get to know from a row. */
export function harnessPoints({ record, startMs, endMs, costUsd }: HarnessEvent): readonly HarnessPoint[] {
  const points: HarnessPoint[] = []
  const add = (counter: number, timeMs: number, value: number | undefined): void => {
    if (value !== undefined) points.push({ counter, timeMs, value })
  }
  if (record.type === 'turn_end') {
    const { tokens, bytes, messages } = record.turn.context
    add(place.tokens, startMs, tokens)
    add(place.bytes, startMs, bytes)
    add(place.messages, startMs, messages)
    if (record.turn.usage?.costUsd !== undefined) add(place.cost, endMs, costUsd)
  } else if (record.type === 'compaction') {
    const { tokensBefore, tokensAfter, messagesBefore, messagesAfter } = record.compaction
    add(place.tokens, startMs, tokensBefore)
    add(place.tokens, endMs, tokensAfter)
    add(place.messages, startMs, messagesBefore)
    add(place.messages, endMs, messagesAfter)
  }
  return points
}
