// SPDX-License-Identifier: Apache-2.0
import type { Census, HarnessRowsByType, SkippedRowReason } from '@dynamo-agent/trace-tools'
import { formatCount, formatCounted, formatDuration } from './format.ts'

const skippedRows: Readonly<Record<SkippedRowReason, string>> = {
  'not-json': 'not JSON',
  'not-an-object': 'no JSON object',
  'unknown-schema': 'of a schema that is not known',
  'unknown-event-type': 'of an event type that is not known',
  incomplete: 'without a required field',
  torn: 'unfinished because the file was cut or is still being written',
  'too-long': 'too long',
}

/** `412,903 rows in 1.9 s (217 k rows/s): 198,114 requests, 203,020 tool events` */
export function describeRows({ rows, byType, harness }: Census, elapsedMs: number): string {
  const toolEvents = byType.tool_start + byType.tool_end + byType.tool_error
  const kinds = [
    formatCounted(byType.request_end, 'request'),
    formatCounted(toolEvents, 'tool event'),
    ...describeHarnessRows(harness),
    ...(rows.payload > 0 ? [`${formatCounted(rows.payload, 'payload row')} not needed`] : []),
  ]
  const speed = formatDuration(elapsedMs) + describeRate(rows.read, elapsedMs)
  return `${formatCounted(rows.read, 'row')} in ${speed}: ${kinds.join(', ')}`
}

/** `14 harness rows`, where there are any. */
export function describeHarnessRows(harness: HarnessRowsByType | undefined): string[] {
  if (harness === undefined) return []
  return [formatCounted(Object.values(harness).reduce((sum, count) => sum + count, 0), 'harness row')]
}

/** `skipped 3 rows: 3 not JSON (first: trace.jsonl:20117)`; undefined when none was. */
export function describeSkipped({ rows, skipped }: Census): string | undefined {
  if (rows.skipped === 0) return undefined
  const reasons = (Object.keys(skippedRows) as SkippedRowReason[]).flatMap((reason) => {
    const found = skipped[reason]
    return found === undefined ? [] : [`${formatCount(found.count)} ${skippedRows[reason]} (first: ${found.first})`]
  })
  return `skipped ${formatCounted(rows.skipped, 'row')}: ${reasons.join(', ')}`
}

/** Inputs whose bytes did not end well, one line each. */
export function describeDamage({ inputs }: Census): string[] {
  return inputs.flatMap(({ name, end, lostBytes }) =>
    end === 'corrupt' ? [`${name} is damaged: ${formatCounted(lostBytes, 'byte')} of it could not be read`] : [],
  )
}

/** How many names are enough to know what it is about. */
const NAMED_FILES = 3

/** Files that cannot be read, although a folder or pattern holds them; undefined where there is none. */
export function describeUnreadable({ inputs }: Census): string | undefined {
  const names = inputs.filter(({ end }) => end === 'unreadable').map(({ name }) => name)
  if (names.length === 0) return undefined
  const others = names.length - NAMED_FILES
  const rest = others > 0 ? ` and ${formatCounted(others, 'other file')}` : ''
  return `could not read ${names.slice(0, NAMED_FILES).join(', ')}${rest}`
}

/** Inputs that somebody named for nothing, one line each; a folder may well hold a file that is still empty. */
export function describeUseless({ inputs }: Census): string[] {
  return inputs
    .filter(({ found, rows }) => !found && rows.read === rows.skipped)
    .map(({ name }) => `${name === '-' ? 'standard input' : name} holds nothing usable: no whole row of a trace`)
}

/** What the rows of a trace should not say together, one line each. */
export function describeModel({ model }: Census): string[] {
  if (model === undefined) return []
  const { unpairedToolStarts, parentCycles } = model
  return [
    ...(unpairedToolStarts > 0 ? [`${formatCounted(unpairedToolStarts, 'tool call')} never ended`] : []),
    ...(parentCycles > 0 ? [`${formatCounted(parentCycles, 'ring')} of trajectories that name each other as parents`] : []),
  ]
}

const YEAR_2000_MS = Date.UTC(2000)
const YEAR_2200_MS = Date.UTC(2200)

/** Times that no trace can have, one line for those too early and one for those too late. */
export function describeTimes({ clock }: Census): string[] {
  if (clock === undefined) return []
  return [
    ...(clock.firstMs < YEAR_2000_MS
      ? ['some times lie before the year 2000: seconds, perhaps, instead of milliseconds']
      : []),
    ...(clock.lastMs >= YEAR_2200_MS
      ? ['some times lie after the year 2200: microseconds or nanoseconds, perhaps, instead of milliseconds']
      : []),
  ]
}

/** A rate says something once there is enough to measure. */
function describeRate(rows: number, elapsedMs: number): string {
  return rows < 10_000 ? '' : ` (${formatCount(Math.round(rows / elapsedMs))} k rows/s)`
}
