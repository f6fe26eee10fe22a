// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type HarnessRecord, type SkipReason } from '@dynamo-agent/core'
import { LINE_FEED, type Block, type ScannedBlock, type Scanner, type SkippedLines } from '../block.ts'
import type { HarnessRow } from '../row-batch.ts'
import { isPayload } from './payload.ts'
import { RowColumns } from './row-columns.ts'
import { splitAtRows } from './split-at-rows.ts'
import { writeRecord } from './write-record.ts'

/** Columns keep the memory that they once needed; a block that is longer gets some of its own. */
const KEPT_BYTES = 8 * 1024 * 1024

/**
 * Makes a scanner: lines of a trace in, rows in columns out. It reads each line
 * as core's parseTraceLine does, and leaves to that what is not as Dynamo
 * writes it. Texts become UTF-8, which has no form for half of a surrogate
 * pair: that becomes U+FFFD. What is kept from one block for the next only saves time.
 */
export function createScanner(): Scanner {
  const kept = new RowColumns()
  return (block, spare) => {
    const isKept = block.end <= KEPT_BYTES
    const columns = isKept ? kept : new RowColumns()
    const { harness, ...counts } = scanLines(block, columns)
    const batch = columns.toBatch(block.bytes, spare)
    // Other columns number their shapes differently.
    if (!isKept) batch.finishShapes.fill(0)
    return { batch: harness.length > 0 ? { ...batch, harness } : batch, ...counts }
  }
}

interface ScannedLines extends Omit<ScannedBlock, 'batch'> {
  readonly harness: readonly HarnessRow[]
}

function scanLines({ bytes: block, start, end }: Block, columns: RowColumns): ScannedLines {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length)
  const skipped: SkippedLines = {}
  const harness: HarnessRow[] = []
  let payload = 0
  const take = (outcome: Outcome, line: number): void => {
    if (outcome === 'record') columns.endRow(line)
    else if (outcome === 'payload') payload++
    else if (typeof outcome === 'object') harness.push({ record: outcome, rowsBefore: columns.count })
    else if (outcome !== 'blank') (skipped[outcome] ??= { count: 0, firstLine: line }).count++
  }
  columns.begin(block, end)
  for (let at = columns.scan(start, end); at < end; ) {
    // What was read of the line before it turned out to be unusual.
    columns.clearRow()
    const lineEnd = bytes.indexOf(LINE_FEED, at)
    const line = bytes.subarray(at, lineEnd)
    const number = columns.lines
    const outcome = columns.isPayload ? 'payload' : readOtherLine(columns, line)
    if (outcome !== 'not-json') take(outcome, number)
    else {
      for (const part of splitAtRows(line)) {
        take(part.length === line.length ? outcome : readOtherLine(columns, part), number)
      }
    }
    at = columns.scan(lineEnd + 1, end)
  }
  return { lines: columns.lines, payload, skipped, harness }
}

type Outcome = SkipReason | 'record' | 'payload' | HarnessRecord

/** Reads a line that is not as Dynamo writes it. */
function readOtherLine(columns: RowColumns, line: Buffer): Outcome {
  if (isPayload(line)) return 'payload'
  const parsed = parseTraceLine(line.toString('utf8'))
  if (parsed.kind === 'skipped') return parsed.reason
  if (parsed.kind === 'harness') return parsed.record
  if (parsed.kind === 'record') writeRecord(columns, parsed.record)
  return parsed.kind
}
