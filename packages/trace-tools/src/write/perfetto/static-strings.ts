// SPDX-License-Identifier: Apache-2.0
import { category, FIRST_TOKEN, SESSION_END } from '../labels.ts'
import { requestFields, toolFields } from '../row-fields.ts'

/**
 * Strings of which each file holds the same, so that what names them by number
 * can be encoded before the file is begun, and in any thread.
 */
export interface StringTable {
  /** In the order of their numbers, which begin at 1. */
  readonly texts: readonly string[]
  has(text: string): boolean
  /** @throws Error when the table does not hold it. */
  idOf(text: string): number
}

export const categories = createTable(Object.values(category))

export const eventNames = createTable(['prefill wait', 'prefill', 'decode', FIRST_TOKEN, SESSION_END, 'spawn'])

export const annotationNames = createTable([
  'session_id',
  'session_type_id',
  'trajectory_id',
  'parent_trajectory_id',
  'event_source',
  'session_final',
  'worker',
  'replay',
  'trace_block_size',
  'input_length',
  'finish',
  'finish_reason',
  'backend_finish_reason',
  'stop_reason',
  'tool_call_count',
  'tool_call_names',
  'choice_count',
  'choice_finish_reasons',
  'timing',
  'synthetic_duration',
  'source_request_id',
  'choice_index',
  'tool_call_index',
  'provenance',
  ...requestFields.map(({ name }) => name),
  ...toolFields.map(({ name }) => name),
])

/** What many rows say; anything else stands where it is said. */
export const annotationValues = createTable([
  ...['dynamo', 'harness'],
  ...['user_message', 'tool_result', 'other'],
  ...['running', 'succeeded', 'error', 'cancelled'],
  ...['measured', 'paired', 'derived', 'inferred', 'unended'],
  ...['stop', 'length', 'tool_calls', 'content_filter'],
])

function createTable(given: readonly string[]): StringTable {
  const texts = [...new Set(given)]
  const ids = new Map(texts.map((text, index) => [text, index + 1]))
  return {
    texts,
    has: (text) => ids.has(text),
    idOf(text) {
      const id = ids.get(text)
      if (id === undefined) throw new Error(`${text} is not in the table`)
      return id
    },
  }
}
