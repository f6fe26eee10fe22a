// SPDX-License-Identifier: Apache-2.0
import type { ScannedBlock } from './block.ts'
import type { ByteReport } from './byte-source.ts'
import {
  GAP_MS,
  type Census,
  type ClockCensus,
  type HarnessRowsByType,
  type InputCensus,
  type RowCounts,
  type SkippedInputRows,
  type SkippedRowReason,
  type SkippedRows,
} from './census.ts'
import { NUMBER_COLUMNS, requestNumber, rowKind } from './columns.ts'
import type { RowBatch } from './row-batch.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** What both an input and the whole have. */
interface Counts {
  readonly rows: Mutable<RowCounts>
  readonly byType: Mutable<Census['byType']>
  harness?: Mutable<HarnessRowsByType>
  clock?: Mutable<ClockCensus>
}

interface InputCounts extends Counts, ByteReport, CountedInput {
  readonly skipped: Partial<Record<SkippedRowReason, Mutable<SkippedInputRows>>>
}

type CountedInput = Pick<InputCensus, 'name' | 'found'>

/** The hand that fills a census while reading. Inputs go by their place among all. */
export interface CensusTaker {
  readonly census: Census
  /** What the reader of bytes fills in. */
  reportOf(input: number): ByteReport
  /**
   * Counts a block, the lines of which follow those that were counted before,
   * and gives its rows their line numbers. Rows of no kind count as filtered.
   *
   * @param torn The block is the cut last line of the input.
   */
  countBlock(input: number, scanned: ScannedBlock, torn: boolean): void
  /** Counts rows of a harness log that are not wanted. */
  countFiltered(input: number, rows: number): void
  /** Counts one line that was not kept. */
  countLine(input: number, as: 'payload' | 'too-long', torn: boolean): void
}

export function createCensusTaker(sources: readonly CountedInput[]): CensusTaker {
  const inputs = sources.map(createInputCounts)
  const skipped: Partial<Record<SkippedRowReason, Mutable<SkippedRows>>> = {}
  const all: Counts & Omit<Census, keyof Counts> = { ...createCounts(), skipped, inputs }
  const linesRead = inputs.map(() => 0)

  const inputAt = (index: number): InputCounts => {
    const input = inputs[index]
    if (input === undefined) throw new RangeError(`no input ${index}`)
    return input
  }
  function count(input: InputCounts, key: 'used' | 'payload' | 'filtered', rows: number): void {
    for (const counts of [input.rows, all.rows]) {
      counts.read += rows
      counts[key] += rows
    }
  }
  function countSkipped(input: InputCounts, reason: SkippedRowReason, { count, firstLine }: SkippedInputRows): void {
    for (const counts of [input.rows, all.rows]) {
      counts.read += count
      counts.skipped += count
    }
    const inInput = (input.skipped[reason] ??= { count: 0, firstLine })
    inInput.count += count
    const inAll = (skipped[reason] ??= { count: 0, first: `${input.name}:${firstLine}` })
    inAll.count += count
  }

  return {
    census: all,
    reportOf: inputAt,
    countBlock(index, { batch, lines, payload, skipped: inBlock }, torn) {
      const input = inputAt(index)
      const linesBefore = linesRead[index] ?? 0
      linesRead[index] = linesBefore + lines
      for (let row = 0; row < batch.count; row++) batch.lines[row] = (batch.lines[row] ?? 0) + linesBefore

      const used = countKinds(batch, [input, all])
      count(input, 'used', used + countHarness(batch, [input, all]))
      count(input, 'filtered', batch.count - used)
      count(input, 'payload', payload)
      for (const [reason, { count, firstLine }] of entries(inBlock)) {
        const isTorn = torn && reason === 'not-json'
        countSkipped(input, isTorn ? 'torn' : reason, { count, firstLine: firstLine + linesBefore })
        if (isTorn) markTorn(input)
      }
      if (torn && payload > 0) markTorn(input)
      watchClock(input, batch)
      if (inputs.length > 1) watchClock(all, batch)
      else if (input.clock) all.clock = input.clock
    },
    countFiltered(index, rows) {
      count(inputAt(index), 'filtered', rows)
    },
    countLine(index, as, torn) {
      const input = inputAt(index)
      const line = (linesRead[index] ?? 0) + 1
      linesRead[index] = line
      if (as === 'payload') count(input, 'payload', 1)
      else countSkipped(input, as, { count: 1, firstLine: line })
      if (torn) markTorn(input)
    },
  }
}

/** @returns How many rows are of any kind. */
function countKinds({ kinds, count }: RowBatch, targets: readonly Counts[]): number {
  const counted = [0, 0, 0, 0, 0]
  for (let row = 0; row < count; row++) {
    const kind = kinds[row] ?? 0
    counted[kind] = (counted[kind] ?? 0) + 1
  }
  for (const { byType } of targets) {
    byType.request_end += counted[rowKind.request] ?? 0
    byType.tool_start += counted[rowKind.toolStart] ?? 0
    byType.tool_end += counted[rowKind.toolEnd] ?? 0
    byType.tool_error += counted[rowKind.toolError] ?? 0
  }
  return count - (counted[0] ?? 0)
}

/** @returns How many there are. */
function countHarness({ harness = [] }: RowBatch, targets: readonly Counts[]): number {
  for (const { record } of harness) {
    for (const target of targets) {
      target.harness ??= {}
      target.harness[record.type] = (target.harness[record.type] ?? 0) + 1
    }
  }
  return harness.length
}

/** Takes the event times of a batch, in the order of its rows. */
function watchClock(target: Counts, batch: RowBatch): void {
  const clock = { ...(target.clock ?? newClock) }
  let row = 0
  for (const { record, rowsBefore } of batch.harness ?? []) {
    watchRows(clock, batch, { from: row, to: rowsBefore })
    watchTime(clock, record.eventTimeMs)
    row = rowsBefore
  }
  watchRows(clock, batch, { from: row, to: batch.count })
  if (clock.longestGapMs === 0) clock.longestGapFromMs = clock.firstMs
  if (clock.lastMs >= clock.firstMs) target.clock = clock
}

function watchRows(
  clock: Mutable<ClockCensus>,
  { kinds, numbers }: RowBatch,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  // A time that is shortly after the one before, as most are, changes nothing but the end.
  const { firstMs } = clock
  let { lastMs, longestGapMs } = clock
  for (let row = from; row < to; row++) {
    if (kinds[row] === 0) continue
    const timeMs = numbers[row * NUMBER_COLUMNS + requestNumber.eventTimeMs] ?? lastMs
    if (timeMs >= firstMs && timeMs - lastMs <= Math.min(longestGapMs, GAP_MS)) {
      if (timeMs > lastMs) lastMs = timeMs
      continue
    }
    clock.lastMs = lastMs
    watchTime(clock, timeMs)
    ;({ lastMs, longestGapMs } = clock)
  }
  clock.lastMs = lastMs
}

/** A row that is late, as tool rows may be, makes no gap and ends none. */
function watchTime(clock: Mutable<ClockCensus>, timeMs: number): void {
  if (timeMs > clock.lastMs) {
    const gapMs = clock.firstMs > clock.lastMs ? 0 : timeMs - clock.lastMs
    if (gapMs > GAP_MS) clock.gaps++
    if (gapMs > clock.longestGapMs) {
      clock.longestGapMs = gapMs
      clock.longestGapFromMs = clock.lastMs
    }
    clock.lastMs = timeMs
  }
  if (timeMs < clock.firstMs) clock.firstMs = timeMs
}

const newClock: ClockCensus = {
  firstMs: Number.POSITIVE_INFINITY,
  lastMs: Number.NEGATIVE_INFINITY,
  gaps: 0,
  longestGapMs: 0,
  longestGapFromMs: Number.POSITIVE_INFINITY,
}

/** Damaged gzip data end in the middle of a line too; that they are damaged says more. */
function markTorn(input: InputCounts): void {
  if (input.end === 'whole') input.end = 'torn'
}

function entries(skipped: ScannedBlock['skipped']) {
  return Object.entries(skipped) as [keyof ScannedBlock['skipped'], SkippedInputRows][]
}

function createInputCounts({ name, found }: CountedInput): InputCounts {
  const names = { name, ...(found && { found }) }
  return { ...names, bytes: 0, gzip: false, ...createCounts(), skipped: {}, end: 'whole', lostBytes: 0 }
}

function createCounts(): Counts {
  return {
    rows: { read: 0, used: 0, payload: 0, skipped: 0, filtered: 0 },
    byType: { request_end: 0, tool_start: 0, tool_end: 0, tool_error: 0 },
  }
}
