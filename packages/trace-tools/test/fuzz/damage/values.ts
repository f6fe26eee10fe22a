// SPDX-License-Identifier: Apache-2.0
import type { Random } from '../../../bench/generator/random.ts'
import { pickIndex } from '../fuzz-case.ts'
import { nested } from './garbage.ts'

const numbers: readonly string[] = [
  '0',
  '-0',
  '-1',
  '0.1',
  '1e-308',
  '1e308',
  '-1e308',
  '1e400',
  '9007199254740993',
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775809',
  '9'.repeat(400),
  '0.' + '3'.repeat(400),
  // The years 1970 in seconds, 1, 9999 and 10000.
  '1795258854',
  '-62135596800000',
  '253402300799999',
  '253402300800000',
  '1795258854030.5',
  '8640000000000001',
  // What is no JSON.
  'NaN',
  '-Infinity',
  '01',
  '1.',
  '.5',
  '+1',
  '0x10',
  '1_000',
]

const strings: readonly string[] = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"request-only"',
  '"\\u0000"',
  '"\\u001b]0;title\\u0007"',
  '"\\u202e\\u0000\\uffff"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\n\\r\\t\\b\\f\\/\\\\\\""',
  '"<img src=x onerror=alert(1)>"',
  '"../../../etc/passwd"',
  '"\u0000"',
  `"${'long '.repeat(2000)}"`,
  `"${'\\u00e9'.repeat(500)}"`,
  '"unended',
  '"\\x41"',
  '"\\u12"',
]

const others: readonly string[] = ['null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '{"a":1}', '[1,2,3]', '']

const extraFields: readonly string[] = [
  '"__proto__":{"polluted":true}',
  '"schema":"dynamo.request.trace.v1"',
  '"event_type":"request_payload"',
  '"event":{}',
  '"input_sequence_hashes":[1]',
  '"tool":null',
  '"request":null',
  '"x":"]"',
  '"a\\"b":"}"',
  '"\\u0073chema":"x"',
]

/** Another value in a row, another key, one more field, or a blank. */
export function damageValue(random: Random, line: string): string {
  const dice = random.fraction()
  if (dice < 0.4) return replaceOne(random, line, { pattern: /(?<=[:[,])-?\d+(\.\d+)?/g, choices: numbers })
  if (dice < 0.6) return replaceOne(random, line, { pattern: /(?<=:)"[^"]*"/g, choices: strings })
  if (dice < 0.7) return replaceOne(random, line, { pattern: /(?<=:)("[^"]*"|-?\d+(\.\d+)?|\[[\d,]*\])/g, choices: others })
  if (dice < 0.75) return replaceOne(random, line, { pattern: /(?<=[{,])"[a-z_]+"(?=:)/g, choices: strings })
  if (dice < 0.8) return replaceOne(random, line, { pattern: /[{}[\]:,"]/g, choices: ['', '{', '}', '[', ']', ':', ',', '"', '\\'] })
  if (dice < 0.9) return replaceOne(random, line, { pattern: /(?<=[{}[\]:,])/g, choices: [' ', '\t', '\r', '  ', '\u00a0', '\u0000'] })
  if (dice < 0.98) return replaceOne(random, line, { pattern: /(?<=\{)(?=")/g, choices: extraFields.map((field) => `${field},`) })
  return replaceOne(random, line, { pattern: /(?<=\{)(?=")/g, choices: [`"deep":${nested(random)},`] })
}

interface Replacement {
  readonly pattern: RegExp
  readonly choices: readonly string[]
}

/** Puts one of the choices in the place of one of the matches. */
function replaceOne(random: Random, line: string, { pattern, choices }: Replacement): string {
  const matches = [...line.matchAll(pattern)]
  const match = matches[pickIndex(random, matches)]
  if (match === undefined) return line
  const choice = choices[pickIndex(random, choices)] ?? ''
  return line.slice(0, match.index) + choice + line.slice(match.index + match[0].length)
}
