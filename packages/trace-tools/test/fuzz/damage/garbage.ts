// SPDX-License-Identifier: Apache-2.0
import type { Random } from '../../../bench/generator/random.ts'
import { randomBytes } from '../fuzz-case.ts'

const LINE_FEED = 0x0a
const DEEP = 100_000

const texts: readonly string[] = [
  '{}',
  '[]',
  'null',
  'true',
  '-1',
  '1e999',
  '""',
  '"\\ud800"',
  '{"timestamp":1,"event":null}',
  '{"timestamp":1,"event":[]}',
  '{"event":{"event":{"event":{}}}}',
  '{"schema":"dynamo.request.trace.v1"}',
  '{"schema":"dynamo.request.trace.v1","event_type":"request_end"}',
  '{"schema":"dynamo.request.trace.v1","event_type":"tool_start","event_time_unix_ms":1,"tool":{}}',
  '{"schema":"dynamo.request.trace.v2","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"x"}}',
  '{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"x"}',
  '{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"x"}}}',
  '{"__proto__":{"schema":"dynamo.request.trace.v1"}}',
  '{"input_sequence_hashes":[1,2,3],"input_sequence_hashes":[',
  '{"resourceSpans":[{"scopeSpans":[]}]}',
  '<!doctype html><title>404</title>',
  'Traceback (most recent call last):',
  '\u0000\u0000\u0000\u0000',
  '\u001b[31mred\u001b[0m',
  '\ufeff{}',
  '\u2028{"a":1}\u2029',
  '\r',
  '{"a":"\t"}',
  "{'a':1}",
  '{"a":1,}',
  '{"a":NaN}',
]

/** Bytes without a line feed that are no row of a trace. */
export function createGarbage(random: Random): Buffer {
  const dice = random.fraction()
  if (dice < 0.4) return Buffer.from(texts[random.between(0, texts.length - 1)] ?? '')
  if (dice < 0.8) return randomBytes(random, random.between(1, 500)).map((byte) => (byte === LINE_FEED ? 0 : byte)) as Buffer
  if (dice < 0.9) return Buffer.from(' {["\\:,\0'.charAt(random.between(0, 7)).repeat(random.between(1, 5000)))
  if (dice < 0.95) return Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08]), randomBytes(random, 20).map((byte) => byte | 0x80)])
  return Buffer.from(nested(random))
}

/** JSON so deep that whoever reads it with a call for each level runs out of stack. */
export function nested(random: Random): string {
  const depth = random.chance(0.2) ? DEEP : random.between(1, 3000)
  return random.chance(0.5) ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)
}
