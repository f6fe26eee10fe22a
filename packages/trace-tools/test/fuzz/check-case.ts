// SPDX-License-Identifier: Apache-2.0
import { ok } from 'node:assert'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { DynamoAgentError, parseTraceLine, type HarnessRecord, type TraceRecord } from '@dynamo-agent/core'
import type { Random } from '../../bench/generator/random.ts'
import { convertTrace, type Census, type TimelineFormatName } from '../../src/index.ts'
import { findInputs } from '../../src/read/inputs.ts'
import { readRows, type RowReading } from '../../src/read/read-rows.ts'
import { toRecord } from '../../src/read/scan/to-record.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { loadTimeline } from './load-timeline.ts'

export interface CheckOptions {
  /** Decides how the case is handed over: as a file or as a stream, in large pieces or small ones. */
  readonly random: Random
  /** For the files of this case; left as it was. */
  readonly folder: string
}

/** Far less than a block has by itself, so that there are several. */
const LARGEST_BLOCK_BYTES = 20_000

/** What an input of which nothing can be used is refused with. */
const refusals: readonly string[] = ['DYN_INPUT_EMPTY', 'DYN_INPUT_NOT_A_TRACE']

/**
 * Reads a damaged trace and converts it.
 *
 * @throws AssertionError where a row is lost that was not damaged, something
 * else than a refusal is thrown, or the output cannot be loaded.
 */
export async function checkCase({ bytes, intact }: FuzzCase, { random, folder }: CheckOptions): Promise<void> {
  const expected = intact.flatMap(parseRecord)
  const path = join(folder, 'trace')
  const asFile = random.chance(0.5)
  if (asFile) writeFileSync(path, bytes)
  const input = asFile ? path : '-'
  const pieceBytes = random.chance(0.1) ? bytes.length : random.between(1, 600) + Math.floor(bytes.length / 500)
  const blockBytes = random.between(1, LARGEST_BLOCK_BYTES)
  try {
    const inputs = await findInputs([input], inPieces(bytes, pieceBytes))
    const records = await checkReading(readRows(inputs, { blockBytes }), expected)
    await checkConversion({ input, format: random.chance(0.5) ? 'perfetto' : 'chrome-json', records })
  } finally {
    if (asFile) rmSync(path)
  }

  async function checkConversion(conversion: Conversion): Promise<void> {
    const { format, records } = conversion
    const output = join(folder, 'timeline')
    const { stream, written } = collect()
    const options = { inputs: [conversion.input], format, output: asFile ? output : '-', stdout: stream }
    const result = await refusedOr(() => convertTrace({ ...options, stdin: inPieces(bytes, pieceBytes) }))
    ok((result === undefined) === (records.length === 0), `read ${records.length} rows, but converted ${result?.census.rows.used ?? 'nothing'}`)
    if (result === undefined) return
    checkCensus(result.census)
    const timeline = asFile ? readFileSync(output) : written()
    if (asFile) rmSync(output)
    ok(result.bytes === timeline.length, `${timeline.length} bytes were written, not ${result.bytes}`)
    const problem = loadTimeline(format, timeline)
    ok(problem === undefined, `the ${format} output does not load: ${problem ?? ''}`)
    for (const id of expected.map(idOf)) ok(timeline.includes(id), `${id} is missing in the ${format} output`)
  }
}

type FuzzedRecord = TraceRecord | HarnessRecord

interface Conversion {
  readonly input: string
  readonly format: TimelineFormatName
  /** What was read. */
  readonly records: readonly FuzzedRecord[]
}

async function checkReading(reading: RowReading, expected: readonly FuzzedRecord[]): Promise<FuzzedRecord[]> {
  const records: FuzzedRecord[] = []
  await refusedOr(async () => {
    for await (const batch of reading) {
      for (let row = 0; row < batch.count; row++) records.push(toRecord(batch, row))
      for (const { record } of batch.harness ?? []) records.push(record)
      reading.release(batch)
    }
    return records
  })
  checkCensus(reading.census)
  ok(reading.census.rows.used === records.length, `${reading.census.rows.used} rows used, but ${records.length} came`)
  for (const record of expected) {
    const candidates = records.filter((candidate) => idOf(candidate) === idOf(record))
    ok(candidates.length > 0, `${record.type} ${idOf(record)} is lost`)
    ok(candidates.some((candidate) => isDeepStrictEqual(candidate, record)), `${record.type} ${idOf(record)} is not as it was`)
  }
  return records
}

/** The result, or nothing where the input was refused. */
async function refusedOr<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (DynamoAgentError.isInstance(error) && refusals.includes(error.code)) return undefined
    throw error
  }
}

function checkCensus({ rows, inputs, skipped }: Census): void {
  ok(rows.read === rows.used + rows.payload + rows.skipped, `the rows do not add up: ${JSON.stringify(rows)}`)
  const counted = Object.values(skipped).reduce((sum, { count }) => sum + count, 0)
  ok(counted === rows.skipped, `${rows.skipped} rows were skipped, for ${counted} reasons`)
  for (const { bytes, lostBytes } of inputs) ok(lostBytes <= bytes, `${lostBytes} of ${bytes} bytes were lost`)
}

function parseRecord(line: string): FuzzedRecord[] {
  const parsed = parseTraceLine(line)
  return parsed.kind === 'record' || parsed.kind === 'harness' ? [parsed.record] : []
}

/** What a timeline shows of a record. */
function idOf(record: FuzzedRecord): string {
  if ('request' in record) return record.request.requestId
  return 'tool' in record ? record.tool.toolCallId : record.identity.trajectoryId
}

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield await Promise.resolve(bytes.subarray(at, at + pieceBytes))
}

function collect(): { stream: Writable; written: () => Buffer } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, written: () => Buffer.concat(chunks) }
}
