// SPDX-License-Identifier: Apache-2.0
import { createJsonlSink } from '@dynamo-agent/jsonl-sink'

/** Writes rows, the first ones given to the disk already, and ends in the given way. */
const [, , path = '', format = '', ending = '', count = '0'] = process.argv
const sink = createJsonlSink({ path, format: format === 'jsonl_gz' ? 'jsonl_gz' : 'jsonl', bufferBytes: 4096 })
const half = Number(count) / 2
for (let row = 0; row < half; row++) sink.write(JSON.stringify({ row }))
if (ending.startsWith('busy')) {
  const turns = Number(ending.slice(5))
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
}
for (let row = half; row < Number(count); row++) sink.write(JSON.stringify({ row }))
if (ending === 'uncaught') throw new Error('as tested')
if (ending !== 'natural-end') process.exit(0)
