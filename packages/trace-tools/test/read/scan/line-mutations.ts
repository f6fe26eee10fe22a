// SPDX-License-Identifier: Apache-2.0
import { parseExactJson, stringifyExactJson } from '@dynamo-agent/core'

/** Takes a line and a source of numbers from 0 to 1, gives another line. */
export type Mutation = (line: string, random: () => number) => string

const below = (limit: number, random: () => number): number => Math.floor(random() * limit)

export function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[below(choices.length, random)]!
}

/** Numbers in every form that JSON has, and in some that it has not. */
export const numberForms = [
  '0', '-0', '0.0', '-0.0', '1', '-1', '0.5', '-0.25', '1e3', '1E3', '1e+3', '1e-3', '1.5e2', '0e0', '0e5', '-0e-5', '1e400',
  '-1E400', '1e-400', '0.1e-7', '123456789', '1234567890', '999999999999999', '9007199254740991', '9007199254740992',
  '-9007199254740991', '-9007199254740993', '18446744073709551615', '18446744073709551616', '99999999999999999999999',
  '5.5192239999999995', '0.30000000000000004', '24.938572999999998', '90071992547409.93', '9007199254740993.5',
  '0.00000000000000000000001', '0.0000000000000000000000000000001', '123456789012345678901234567890.5', `${'9'.repeat(400)}.5`, '9'.repeat(400),
  '1.7976931348623157e308', '2.2250738585072014e-308', '5e-324', '4.35', '1795258854030', '1795258854030.0', '4.412339533333333',
  // Not JSON.
  '01', '-01', '00', '.5', '5.', '-', '+1', '1e', '1e+', '1.e3', '0x10', '1_000', 'NaN', 'Infinity', '-Infinity', '1.2.3', '--1', '1-1',
]

/** Strings as they stand in JSON, and some that do not. */
export const stringForms = [
  '""', '"a"', '"call_1"', '"é"', '"日本"', '"😀"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00x"', '"\\n"', '"\\""', '"\\\\"', '"\\/"',
  '"\\b\\f\\r\\t"', '"\u007f"', '"\ufeff"', '"{\\"a\\":[}"', '"\\u0000"', '"]"', '"},"', '"__proto__"', '"event_type"', '"input_sequence_hashes"',
  '"request_payload"', '"123"', '"18446744073709551615"', '"<b>&amp;</b>"', '"\\u001b[31m"', `"${'x'.repeat(300)}"`,
  // Not JSON.
  '"\t"', '"\u0000"', '"\\x"', '"\\u12"', '"\\u12g4"', '"open', "'a'", '"\\',
]

const otherForms = [
  'null', 'true', 'false', '[]', '{}', '[1,2]', '[ ]', '{ }', '{"a":1}', '{"__proto__":{"a":1}}', '[[[[]]]]', '[{"a":[{}]}]', '{"a":{"b":{"c":null}}}',
  '[1,"]",{"}":"\\"]"}]', '{"event_type":"request_payload"}', '{"input_sequence_hashes":[7,8]}', '{"schema":"x","event":{}}', '[1e5,-0.1]',
  '[18446744073709551615]', '[1 , 2 ,3 ]', '[01]', '[1,]', '[,1]', '[1,,2]', '[1 2]', '["1"]', '[-1]', '[1.5]', '[18446744073709551616]', '[99999999999999999999999]',
  '{"finish_reason":"stop","tool_calls":[{"choice_index":-0,"id":"\\u00e9"}],"choices":[{"stop_reason":-0}]}',
  '{"stop_reason":12345678901234567890}', '{"stop_reason":"</s>","choices":[{"choice_index":1e2}]}', '{"tool_calls":[{"tool_call_index":1.0,"name":"a\\"}b"}]}',
  '"dynamo.agent.trace.v1"', '"dynamo.request.trace.v1"', '"request_end"', '"tool_start"', '"tool_end"', '"tool_error"', '"dynamo"', '"harness"', '"ms_agent"',
  // Not JSON.
  'nul', 'tru', 'nullx', 'True', '{', '[', '}', ']', '', '{"a"}', '{"a":}', '{,}', '{"a":1,}', '{"a" 1}', '{a:1}', '[1}', '{"a":1]', '[1', ',', ':',
]

export const valueForms = [...numberForms, ...stringForms, ...otherForms]

/** The values behind keys; of a container only the opening character counts, and the rest is left behind the new value. */
const valuePlaces = /(?<=":\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[[^[\]]*\]|\{[^{}]*\}|[[{])/g
const keyPlaces = /(?<=[{,]\s*)"[^"]*"(?=\s*:)/g
const punctuation = /[{}[\],:]/g

/** Replaces one of the places that a pattern finds. */
function atOne(places: RegExp, replace: (found: string, random: () => number) => string): Mutation {
  return (line, random) => {
    const matches = [...line.matchAll(places)]
    if (matches.length === 0) return line
    const { index, 0: found } = pick(matches, random)
    return line.slice(0, index) + replace(found, random) + line.slice(index + found.length)
  }
}

const keys = [
  'timestamp', 'event', 'schema', 'event_type', 'event_time_unix_ms', 'event_source', 'agent_context', 'request', 'tool', 'worker', 'replay',
  'session_id', 'trajectory_id', 'parent_trajectory_id', 'parent_session_id', 'session_type_id', 'session_final', 'trajectory_final', 'input_trigger',
  'workflow_id', 'program_id', 'parent_program_id', 'workflow_type_id', 'request_id', 'model', 'input_sequence_hashes', 'prefill_worker_id',
  'finish_reason_metadata', 'status', 'output_tokens', '__proto__', 'constructor', 'x', '', 'é', '\\u0073chema', 'event\\u005ftype',
]

function nestedValue(random: () => number): string {
  const depth = pick([3, 29, 30, 31, 32, 40, 5000], random)
  const [open, close] = pick([['[', ']'], ['{"a":', '}'], ['[{"a":', '}]']] as const, random)
  return open.repeat(depth) + '1' + close.repeat(depth - pick([0, 0, 0, 1], random))
}

/** Changes all objects of a line that is JSON. */
function restructure(line: string, change: (value: object) => unknown): string {
  const visit = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(visit)
    return change(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)])))
  }
  try {
    return stringifyExactJson(visit(parseExactJson(line)))
  } catch {
    return line
  }
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'another value': atOne(valuePlaces, (_, random) => pick(valueForms, random)),
  'another number': atOne(/(?<=":)-?\d[\d.]*/g, (_, random) => pick(numberForms, random)),
  'another string': atOne(/(?<=":)"[^"]*"/g, (_, random) => pick(stringForms, random)),
  'another key': atOne(keyPlaces, (_, random) => `"${pick(keys, random)}"`),
  'a further member': atOne(
    /\{(?=\s*")/g,
    (brace, random) => `${brace}"${pick(keys, random)}":${pick(valueForms, random)},`,
  ),
  'a further member at the end': atOne(
    /(?<=[^{[])\}/g,
    (brace, random) => `,"${pick(keys, random)}":${pick(valueForms, random)}${brace}`,
  ),
  'deep nesting': atOne(/\{(?=")/g, (brace, random) => `${brace}"x":${nestedValue(random)},`),
  'blanks where JSON has them when Python writes it': (line) => line.replaceAll(/[,:](?=["[{\d])/g, '$& '),
  blanks: (line, random) =>
    line.replaceAll(punctuation, (mark) => (random() < 0.3 ? pick([` ${mark}`, `${mark} `, `${mark}\t`, `\r${mark} `], random) : mark)),
  'a blank anywhere': (line, random) => {
    const at = below(line.length + 1, random)
    return line.slice(0, at) + pick([' ', '\t', '\r', '\u00a0', '\ufeff', '\v'], random) + line.slice(at)
  },
  'keys in another order': (line, random) =>
    restructure(line, (value) => Object.fromEntries(Object.entries(value).toSorted(() => random() - 0.5))),
  'members left out': (line, random) =>
    restructure(line, (value) => Object.fromEntries(Object.entries(value).filter(() => random() < 0.9))),
  'members set to null': (line, random) =>
    restructure(line, (value) =>
      Object.fromEntries(Object.entries(value).map(([key, member]) => [key, random() < 0.1 ? null : (member as unknown)])),
    ),
  'no envelope': (line) => /^\{"timestamp":\d+,"event":(.*)\}$/.exec(line)?.[1] ?? line,
  'a cut end': (line, random) => line.slice(0, below(line.length, random)),
  'a cut start': (line, random) => line.slice(below(line.length, random)),
  'something behind': (line, random) => line + pick([' ', '\r', '}', ',', '{}', 'x', '\u0000', '""', ' \t\r', line], random),
  'something before': (line, random) => pick([' ', '\t', '\ufeff', ',', '[', '{', 'null', '\u00a0'], random) + line,
  'a piece that is missing': (line, random) => {
    const start = below(line.length, random)
    return line.slice(0, start) + line.slice(start + 1 + below(40, random))
  },
  'a piece that stands twice': (line, random) => {
    const start = below(line.length, random)
    return line.slice(0, start + below(60, random)) + line.slice(start)
  },
}

/** Bytes that differ, in a line that may be no UTF-8 any more. */
export function flipBytes(line: Buffer, random: () => number): Buffer {
  const flipped = Buffer.from(line)
  for (let flip = 1 + below(3, random); flip > 0; flip--) flipped[below(flipped.length, random)] = below(256, random)
  return flipped
}
