// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type SkipReason, type TraceRecord } from '@dynamo-agent/core'
import { isDeepStrictEqual } from 'node:util'
import { readLines, traceFiles } from '@dynamo-agent/fixtures'
import { describe, expect, test } from 'vitest'
import { blocksBefore, type HarnessRow } from '../../../src/read/row-batch.ts'
import { RowColumns } from '../../../src/read/scan/row-columns.ts'
import { createScanner } from '../../../src/read/scan/scanner.ts'
import { splitAtRows } from '../../../src/read/scan/split-at-rows.ts'
import { toRecord } from '../../../src/read/scan/to-record.ts'
import { seededRandom } from '../../write/seeded-random.ts'
import { capturedLines, fullLines, harnessLines } from './base-lines.ts'
import { flipBytes, mutations, pick, valueForms } from './line-mutations.ts'

const scan = createScanner()
const lines = [...fullLines, ...harnessLines, ...capturedLines.filter((_, index) => index % 7 === 0)]

/** Scans lines as one block, and expects of each what core's parser makes of it. */
function expectAgreement(given: readonly (string | Buffer)[]): void {
  const bytes = Buffer.concat(given.flatMap((line) => [Buffer.from(line), Buffer.of(0x0a)]))
  const { batch, ...counts } = scan({ bytes, start: 0, end: bytes.length })

  let row = 0
  let payload = 0
  const harness: HarnessRow[] = []
  const skipped: Partial<Record<SkipReason, { count: number; firstLine: number }>> = {}
  const lines = splitLines(bytes)
  for (const [index, line] of lines.entries()) {
    for (const part of partsOf(line)) {
      const parsed = parseTraceLine(part)
      const isRow = row < batch.count && batch.lines[row] === index + 1
      // Assertions that hold cost more than all the rest, so they are made of what is wrong only.
      if (parsed.kind === 'record') {
        if (!isRow) expect.fail(`not read: ${part}`)
        const blocks = (batch.blockEnds[row] ?? 0) - blocksBefore({ batch, row })
        if (blocks !== countBlocks(parsed.record)) expect.fail(`${blocks} blocks: ${part}`)
        const record = toRecord(batch, row++)
        if (!isDeepStrictEqual(record, parsed.record)) expect(inUtf8(record), part).toEqual(inUtf8(parsed.record))
      } else if (parsed.kind === 'payload') {
        payload++
      } else if (parsed.kind === 'harness') {
        harness.push({ record: parsed.record, rowsBefore: row })
      } else if (parsed.reason !== 'blank') {
        ;(skipped[parsed.reason] ??= { count: 0, firstLine: index + 1 }).count++
      }
    }
    const isRow = row < batch.count && batch.lines[row] === index + 1
    if (isRow) expect.fail(`read, but not by core: ${line.toString()}`)
  }
  expect({ rows: batch.count, ...counts }).toEqual({ rows: row, lines: lines.length, payload, skipped })
  expect(batch.harness ?? []).toEqual(harness)
  expectJson(bytes)
}

function countBlocks(record: TraceRecord): number {
  const hashText = record.type === 'request_end' ? record.request.replay?.hashText : undefined
  return hashText?.match(/\d+/g)?.length ?? 0
}

/** What is read without core's parser has to be JSON. */
function expectJson(bytes: Buffer): void {
  const columns = new RowColumns()
  columns.begin(bytes, bytes.length)
  for (let at = 0; at < bytes.length; at = bytes.indexOf(0x0a, at) + 1) {
    const end = columns.scan(at, at + 1)
    if (end === at) {
      columns.clearRow()
      continue
    }
    const line = bytes.toString('utf8', at, end - 1)
    if (!isJson(line) || line.includes('\n')) expect.fail(`read, but no JSON: ${line}`)
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

/** A line, or where it is no JSON what it falls into. */
function partsOf(line: Buffer): readonly string[] {
  const parsed = parseTraceLine(line.toString())
  const isBroken = parsed.kind === 'skipped' && parsed.reason === 'not-json'
  return (isBroken ? splitAtRows(line) : [line]).map((part) => part.toString())
}

function splitLines(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at)
    found.push(bytes.subarray(at, end))
    at = end + 1
  }
  return found
}

/** Half of a surrogate pair has no form in UTF-8. */
function inUtf8(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inUtf8)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inUtf8(member)]))
}

describe('a scanned line is what core reads in it', () => {
  test.each(traceFiles)('%s', (path) => {
    expectAgreement(readLines(path))
  })

  test('with all that a row can have', () => {
    expectAgreement(fullLines)
  })

  test('cut at every byte', () => {
    for (const line of [...fullLines, ...capturedLines.slice(0, 3)]) {
      expectAgreement(Array.from({ length: line.length }, (_, end) => line.slice(0, end)))
    }
  })

  test('with any value at any place', () => {
    const values = /(?<=":)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.e]*|true|false|null|\[[^[\]]*\]|\{[^{}]*\})/g
    for (const line of fullLines) {
      const places = [...line.matchAll(values)]
      expectAgreement(
        places.flatMap(({ index, 0: value }) =>
          valueForms.map((form) => line.slice(0, index) + form + line.slice(index + value.length)),
        ),
      )
    }
  })

  test.each(Object.entries(mutations))('with %s', (name, mutate) => {
    const random = seededRandom(name.length * 7919)
    expectAgreement(Array.from({ length: 400 }, () => mutate(pick(lines, random), random)))
  })

  test('with several changes at once', () => {
    const random = seededRandom(5)
    const all = Object.values(mutations)
    expectAgreement(
      Array.from({ length: 2000 }, () => {
        let line = pick(lines, random)
        for (let count = 0; count < 3; count++) line = pick(all, random)(line, random)
        return line
      }),
    )
  })

  test('with bytes that are no UTF-8, or end a line in its midst', () => {
    const random = seededRandom(6)
    expectAgreement(Array.from({ length: 2000 }, () => flipBytes(Buffer.from(pick(lines, random)), random)))
  })
})

test('rows as Dynamo writes them need no other parser', () => {
  const bytes = Buffer.from([...fullLines, ...capturedLines].map((line) => `${line}\n`).join(''))
  const columns = new RowColumns()
  columns.begin(bytes, bytes.length)
  expect(columns.scan(0, bytes.length)).toBe(bytes.length)
  expect(columns.count).toBe(fullLines.length + capturedLines.length)
})
