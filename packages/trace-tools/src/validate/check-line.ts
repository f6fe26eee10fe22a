// SPDX-License-Identifier: Apache-2.0
import { HARNESS_SCHEMA, parseExactJson } from '@dynamo-agent/core'
import {
  harnessRowSchema,
  traceEventSchema,
  traceLineSchema,
  type TraceEvent,
  type WireHarnessRow,
} from '@dynamo-agent/core/schemas'
import { describeIssue, type RowFault } from './describe-issue.ts'

/** What one line of a trace is. */
export type CheckedLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'valid'; readonly type: TraceEvent['event_type'] }
  | { readonly kind: 'valid-harness'; readonly type: WireHarnessRow['event_type'] }
  | { readonly kind: 'faulty'; readonly faults: readonly RowFault[] }

/** A byte order mark is text anywhere but at the beginning of a file, where splitLines takes it away. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Holds a line against the strict schemas: with the envelope of a file, where
 * it has one, or as the bare row that Dynamo's S3 and NATS sinks and harnesses
 * write.
 *
 * @param isLast Whether the line has no line end: then it may be cut.
 */
export function checkLine(line: Uint8Array, isLast: boolean): CheckedLine {
  let row: unknown
  try {
    const text = utf8.decode(line)
    if (text.trim() === '') return { kind: 'blank' }
    row = parseExactJson(text)
  } catch (error) {
    return faulty({ path: '', message: describeUnreadable(error, isLast) })
  }
  if (isObject(row) && row.schema === HARNESS_SCHEMA) return checkHarnessRow(row)
  const hasEnvelope = isObject(row) && Object.hasOwn(row, 'event')
  const checked = hasEnvelope ? traceLineSchema.safeParse(row) : traceEventSchema.safeParse(row)
  if (!checked.success) return faulty(...checked.error.issues.flatMap((issue) => describeIssue(issue, row)))
  const event = 'event' in checked.data ? checked.data.event : checked.data
  return { kind: 'valid', type: event.event_type }
}

function checkHarnessRow(row: object): CheckedLine {
  const checked = harnessRowSchema.safeParse(row)
  if (!checked.success) return faulty(...checked.error.issues.flatMap((issue) => describeIssue(issue, row)))
  return { kind: 'valid-harness', type: checked.data.event_type }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function faulty(...faults: readonly RowFault[]): CheckedLine {
  return { kind: 'faulty', faults }
}

function describeUnreadable(error: unknown, isLast: boolean): string {
  if (isLast) return 'expected a whole row, found one that was cut or is still being written'
  if (error instanceof RangeError) return 'expected a row, found JSON that is nested too deeply to be read'
  if (error instanceof SyntaxError) return 'expected one JSON object, found text that is no JSON'
  return 'expected UTF-8, found bytes that are none'
}
