// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type HarnessRecord, type SkipReason } from '@dynamo-agent/core'
import type { Block, ScannedBlock, Scanner, SkippedLines } from '../block.ts'
import type { HarnessRow } from '../row-batch.ts'
import { FinishShapes } from './finish-shapes.ts'
import { isPayload } from './payload.ts'
import { RowColumns } from './row-columns.ts'
import { RowHasher } from './row-hasher.ts'
import { PAYLOAD, RowReader } from './row-reader.ts'
import { splitAtRows } from './split-at-rows.ts'
import { writeRecord } from './write-record.ts'

const LINE_FEED = 0x0a

/**
 * Makes a scanner: lines of a trace in, rows in columns out. It reads each line
 * as core's parseTraceLine does, and leaves to that what is not as Dynamo
 * writes it. Texts become UTF-8, which has no form for half of a surrogate
 * pair: that becomes U+FFFD. What is kept from one block for the next only saves time.
 */
export function createScanner(): Scanner {
  const hasher = new RowHasher()
  const finishes = new FinishShapes()
  return (block, spare) => {
    const columns = new RowColumns(block.bytes, block.end, spare)
    const { harness, ...counts } = scanLines(block, new RowReader(columns, finishes), hasher)
    const batch = columns.toBatch()
    return { batch: harness.length > 0 ? { ...batch, harness } : batch, ...counts }
  }
}

interface ScannedLines extends Omit<ScannedBlock, 'batch'> {
  readonly harness: readonly HarnessRow[]
}

function scanLines({ start, end }: Block, reader: RowReader, hasher: RowHasher): ScannedLines {
  const { columns } = reader
  const { bytes } = columns.text
  const skipped: SkippedLines = {}
  const harness: HarnessRow[] = []
  let lines = 0
  let payload = 0
  const take = (outcome: Outcome, lineNumber: number): void => {
    if (outcome === 'record') {
      hasher.hash(columns)
      columns.addRow(lineNumber)
      columns.prepareRow()
      return
    }
    // What was read of the line before it turned out to be none.
    columns.clearRow()
    if (outcome === 'payload') payload++
    else if (typeof outcome === 'object') harness.push({ record: outcome, rowsBefore: columns.count })
    else if (outcome !== 'blank') (skipped[outcome] ??= { count: 0, firstLine: lineNumber }).count++
  }
  for (let at = start; at < end; ) {
    lines++
    columns.prepareRow()
    const behind = reader.read(at)
    if (behind >= 0) {
      hasher.hash(columns)
      columns.addRow(lines)
      at = behind
      continue
    }
    const lineEnd = bytes.indexOf(LINE_FEED, at)
    const line = bytes.subarray(at, lineEnd)
    const outcome = behind === PAYLOAD ? 'payload' : readOtherLine(columns, line)
    if (outcome !== 'not-json') take(outcome, lines)
    else {
      for (const part of splitAtRows(line)) {
        take(part.length === line.length ? outcome : readOtherLine(columns, part), lines)
      }
    }
    at = lineEnd + 1
  }
  return { lines, payload, skipped, harness }
}

type Outcome = SkipReason | 'record' | 'payload' | HarnessRecord

/** Reads a line that is not as Dynamo writes it. */
function readOtherLine(columns: RowColumns, line: Buffer): Outcome {
  if (isPayload(line)) return 'payload'
  const parsed = parseTraceLine(line.toString('utf8'))
  if (parsed.kind === 'skipped') return parsed.reason
  if (parsed.kind === 'harness') return parsed.record
  if (parsed.kind === 'record') {
    columns.clearRow()
    writeRecord(columns, parsed.record)
  }
  return parsed.kind
}
