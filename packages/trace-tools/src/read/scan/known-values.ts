// SPDX-License-Identifier: Apache-2.0
import { rowFlag, rowKind } from '../columns.ts'
import { patternOf, type Pattern, type Text } from './text.ts'

/** A text that a value may be, and what it means for the row. */
export interface KnownValue {
  readonly pattern: Pattern
  /** A RowKind, if it is an event type; else bits of rowFlag. */
  readonly meaning: number
}

export const schemas = valuesOf({ '"dynamo.request.trace.v1"': 0, '"dynamo.agent.trace.v1"': rowFlag.agentTrace })

export const eventTypes = valuesOf({
  '"request_end"': rowKind.request,
  '"tool_start"': rowKind.toolStart,
  '"tool_end"': rowKind.toolEnd,
  '"tool_error"': rowKind.toolError,
})

export const eventSources = valuesOf({
  '"dynamo"': rowFlag.fromDynamo,
  '"harness"': rowFlag.fromHarness,
  // What the first 1.2 builds called the harness.
  '"ms_agent"': rowFlag.fromHarness,
})

export const finals = valuesOf({ true: rowFlag.hasSessionFinal | rowFlag.sessionFinal, false: rowFlag.hasSessionFinal })

/** The value that stands here; undefined where it is none of the candidates. */
export function findValue(text: Text, start: number, candidates: readonly KnownValue[]): KnownValue | undefined {
  for (const candidate of candidates) if (text.matches(start, candidate.pattern)) return candidate
  return undefined
}

function valuesOf(meanings: Readonly<Record<string, number>>): readonly KnownValue[] {
  return Object.entries(meanings).map(([text, meaning]) => ({ pattern: patternOf(text), meaning }))
}
