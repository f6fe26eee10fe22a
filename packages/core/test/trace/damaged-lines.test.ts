// SPDX-License-Identifier: Apache-2.0
import { readLines, traceFiles } from '@dynamo-agent/fixtures'
import { expect, test } from 'vitest'
import { decodeHashes, parseExactJson, parseTraceLine, readTraceRow } from '../../src/index.ts'
import { traceLineSchema } from '../../src/trace/schemas.ts'
import { seededRandom } from '../support.ts'

const random = seededRandom(20_261_121)
const below = (limit: number) => Math.floor(random() * limit)
const lines = traceFiles.flatMap(readLines).filter((line) => line.length < 4000)

/** What a disk, a killed writer or another tool can do to a line. */
const damages: Readonly<Record<string, (line: string) => string>> = {
  'a flipped byte': (line) => {
    const bytes = Buffer.from(line)
    bytes[below(bytes.length)] = below(256)
    return bytes.toString()
  },
  'several flipped bytes': (line) => {
    const bytes = Buffer.from(line)
    for (let flip = 0; flip < 10; flip++) bytes[below(bytes.length)] = below(256)
    return bytes.toString()
  },
  'a cut end': (line) => line.slice(0, below(line.length)),
  'a cut start': (line) => line.slice(below(line.length)),
  'a piece that is missing': (line) => {
    const start = below(line.length)
    return line.slice(0, start) + line.slice(start + 1 + below(40))
  },
  'a piece that stands twice': (line) => {
    const start = below(line.length)
    return line.slice(0, start + below(60)) + line.slice(start)
  },
  'another value': (line) => {
    const values = ['null', '-1', '1e400', '""', '[]', '{}', 'true', '1.5', '99999999999999999999999']
    const numbers = [...line.matchAll(/(?<=:)\d+(\.\d+)?/g)]
    const target = numbers[below(numbers.length)]
    if (target === undefined) return line
    return line.slice(0, target.index) + values[below(values.length)]! + line.slice(target.index + target[0].length)
  },
}

test.each(Object.entries(damages))('%s costs at most its own line', (_, damage) => {
  for (let run = 0; run < 1000; run++) {
    const text = damage(lines[below(lines.length)]!)
    const parsed = parseTraceLine(text)
    if (parsed.kind === 'record' && parsed.record.type === 'request_end' && parsed.record.request.replay) {
      decodeHashes(parsed.record.request.replay)
    }
    // Where a damaged line is still a valid one, both readers agree on it.
    const valid = traceLineSchema.safeParse(parseOrUndefined(text))
    if (valid.success) expect(readTraceRow(valid.data), text).toEqual(parsed)
  }
})

function parseOrUndefined(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return undefined
  }
}
