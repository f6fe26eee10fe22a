// SPDX-License-Identifier: Apache-2.0

/** How a request finished, in order, under the names that the converter that ships with Dynamo gives. */
export type FinishFields = readonly (readonly [name: string, value: string | number | boolean])[]

/** Texts that differ in more than their ids are few: combinations of reasons and tool names. */
const MAX_KNOWN = 4096

/** Quotes inside a JSON string are escaped, so this matches nothing but the ids of tool calls. */
const callId = /"id":"[^"\\]*"/g

/**
 * Makes the function that reads `finish_reason_metadata`. Almost all of its
 * texts differ in the ids of tool calls only, which are no part of these
 * fields, so what is made of a text is kept for all that are alike.
 *
 * @param encode What to make of the fields.
 * @returns A function that takes the JSON text.
 */
export function createFinishReader<Encoded>(
  encode: (fields: FinishFields) => Encoded,
): (finishJson: string) => Encoded {
  const known = new Map<string, Encoded>()
  return (finishJson) => {
    const key = finishJson.replace(callId, '""')
    const found = known.get(key)
    if (found !== undefined) return found
    const encoded = encode(readFinish(JSON.parse(finishJson)))
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(key, encoded)
    return encoded
  }
}

function readFinish(finish: unknown): FinishFields {
  if (!isFields(finish)) return []
  const fields: [string, string | number | boolean][] = []
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') fields.push([name, value])
  }
  add('finish_reason', finish.finish_reason)
  add('backend_finish_reason', finish.backend_finish_reason)
  add('stop_reason', finish.stop_reason)
  const { tool_calls: calls, choices } = finish
  if (Array.isArray(calls)) {
    add('tool_call_count', calls.length)
    add('tool_call_names', join(calls.map((call: unknown) => (isFields(call) ? call.name : undefined))))
  }
  if (Array.isArray(choices)) {
    add('choice_count', choices.length)
    add('choice_finish_reasons', join(choices.map(describeChoice)))
  }
  return fields
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describeChoice(choice: unknown): string | undefined {
  if (!isFields(choice) || typeof choice.finish_reason !== 'string') return undefined
  return typeof choice.choice_index === 'number' ? `${choice.choice_index}:${choice.finish_reason}` : undefined
}

function join(parts: readonly unknown[]): string | undefined {
  const texts = parts.filter((part) => typeof part === 'string' && part !== '')
  return texts.length > 0 ? texts.join(', ') : undefined
}
