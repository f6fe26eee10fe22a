// SPDX-License-Identifier: Apache-2.0
import type { HarnessEventType } from '@dynamo-agent/core'
import type { TraceEvent } from '@dynamo-agent/core/schemas'
import type { HarnessRowsByType } from '../read/census.ts'
import type { RowFault } from './describe-issue.ts'

/** Something that neither Dynamo nor a harness would have written. */
export interface TraceFault extends RowFault {
  /** The path as given or found, or `-` for standard input. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Rows; blank lines are none. */
export interface ValidatedRows {
  readonly read: number
  readonly valid: number
  readonly faulty: number
}

/** How an input, or all of them together, met the schemas. */
export interface TraceValidation {
  readonly rows: ValidatedRows
  /** Valid rows of Dynamo. */
  readonly byType: Readonly<Record<TraceEvent['event_type'], number>>
  /** Valid rows of harness logs; absent where there are none. */
  readonly harness?: HarnessRowsByType
  /** All of them; a row may have several, and damage of gzip data is one of no row. */
  readonly faultCount: number
  /** The first ones, as many as were asked for. */
  readonly faults: readonly TraceFault[]
  /** In the order they were read. */
  readonly inputs: readonly InputValidation[]
}

/** How one input met the schemas. */
export interface InputValidation {
  /** The path as given or found, or `-` for standard input. */
  readonly name: string
  readonly rows: ValidatedRows
  readonly faultCount: number
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends ValidatedRows ? Writable<ValidatedRows> : T[Key] }

/** The hand that fills a validation. */
export interface ValidationTaker {
  readonly validation: TraceValidation
  /** All that is counted from now on counts for this input. */
  beginInput(name: string): void
  countValid(type: TraceEvent['event_type']): void
  countValidHarness(type: HarnessEventType): void
  countFaulty(line: number, faults: readonly RowFault[]): void
  /** Of the input, and not of a row of it. */
  countFault(line: number, message: string): void
}

/** @param maxFaults How many faults are kept; all are counted. */
export function createValidationTaker(maxFaults: number): ValidationTaker {
  const faults: TraceFault[] = []
  const byType = { request_end: 0, tool_start: 0, tool_end: 0, tool_error: 0, request_payload: 0 }
  const inputs: InputValidation[] = []
  const validation: Writable<TraceValidation> = { rows: noRows(), byType, faultCount: 0, faults, inputs }
  let input: Writable<InputValidation> = { name: '', rows: noRows(), faultCount: 0 }

  function countRow(kind: 'valid' | 'faulty'): void {
    for (const { rows } of [validation, input]) {
      rows.read++
      rows[kind]++
    }
  }
  function addFault(line: number, fault: RowFault): void {
    validation.faultCount++
    input.faultCount++
    if (faults.length < maxFaults) faults.push({ file: input.name, line, ...fault })
  }
  return {
    validation,
    beginInput(name) {
      input = { name, rows: noRows(), faultCount: 0 }
      inputs.push(input)
    },
    countValid(type) {
      byType[type]++
      countRow('valid')
    },
    countValidHarness(type) {
      validation.harness = { ...validation.harness, [type]: (validation.harness?.[type] ?? 0) + 1 }
      countRow('valid')
    },
    countFaulty(line, rowFaults) {
      countRow('faulty')
      for (const fault of rowFaults) addFault(line, fault)
    },
    countFault(line, message) {
      addFault(line, { path: '', message })
    },
  }
}

function noRows(): Writable<ValidatedRows> {
  return { read: 0, valid: 0, faulty: 0 }
}
