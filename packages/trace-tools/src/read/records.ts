// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { createCensusTaker, type Census, type CensusTaker } from './census.ts'
import { gunzip, type GunzipReport } from './gunzip.ts'
import { findInputs, type Input } from './inputs.ts'
import { splitLines } from './lines.ts'
import { unusableInputs } from './unusable.ts'

/** The rows of a trace in batches, to be read once. */
export interface TraceReading extends AsyncIterable<readonly TraceRecord[]> {
  /** Grows while reading; complete when the last batch has come. */
  readonly census: Census
}

/** What readTrace reads from, and its limit. */
export interface ReadTraceOptions {
  /**
   * What the path `-` stands for.
   *
   * @defaultValue `process.stdin`
   */
  readonly stdin?: AsyncIterable<Uint8Array>
  /**
   * Longest line that is read, in bytes; longer ones are skipped and counted.
   *
   * @defaultValue 256 MiB
   */
  readonly maxLineBytes?: number
}

/** Enough to tell what kind of file it is. */
const SAMPLE_BYTES = 4096

/** Dynamo writes the event type before any content. */
const PAYLOAD_MARK = Buffer.from('"event_type":"request_payload"')
const PAYLOAD_MARK_WITHIN_BYTES = 512
const payload = { kind: 'payload' } as const

const CLOSING_BRACE = 0x7d

/**
 * Reads traces of any Dynamo release: files, folders with `*.jsonl` and
 * `*.jsonl.gz`, glob patterns, `-` for standard input; plain or gzip by
 * content. A row that is broken costs only itself and is counted.
 *
 * Iterating throws DynamoAgentError: `DYN_INPUT_NOT_FOUND` before anything is
 * read where a path does not exist; at the end `DYN_INPUT_EMPTY` or
 * `DYN_INPUT_NOT_A_TRACE` where not one row could be used.
 */
export function readTrace(paths: readonly string[], options: ReadTraceOptions = {}): TraceReading {
  return createReading(() => findInputs(paths, options.stdin ?? process.stdin), options)
}

/** Reads inputs that are found already. */
export function readInputs(inputs: readonly Input[], options: ReadTraceOptions = {}): TraceReading {
  return createReading(() => inputs, options)
}

function createReading(
  find: () => readonly Input[] | Promise<readonly Input[]>,
  options: ReadTraceOptions,
): TraceReading {
  const taker = createCensusTaker()
  return {
    census: taker.census,
    async *[Symbol.asyncIterator]() {
      let sample: Uint8Array | undefined
      for (const input of await find()) {
        const beginning = yield* readInput(input, taker, options)
        sample ??= beginning
      }
      if (taker.census.rows.used === 0) throw unusableInputs(taker.census.inputs, sample ?? new Uint8Array())
    },
  }
}

/** @returns The beginning of an input that holds anything but trace rows. */
async function* readInput(
  input: Input,
  taker: CensusTaker,
  { maxLineBytes }: ReadTraceOptions,
): AsyncGenerator<readonly TraceRecord[], Uint8Array | undefined, undefined> {
  const counted = taker.beginInput(input.name)
  let beginning: Uint8Array = new Uint8Array()

  const bytes = tap(input.open(), (chunk) => (counted.bytes += chunk.length))
  const text = tap(gunzip(bytes, counted), (chunk) => {
    if (beginning.length < SAMPLE_BYTES) beginning = Buffer.concat([beginning, chunk.subarray(0, SAMPLE_BYTES)])
  })
  const lines = splitLines(text, {
    ...(maxLineBytes !== undefined && { maxLineBytes }),
    onTooLong: (line) => {
      taker.countSkipped('too-long', line)
    },
  })
  for await (const batch of lines) {
    const records: TraceRecord[] = []
    for (const [index, line] of batch.lines.entries()) {
      const parsed = isPayload(line) ? payload : parseTraceLine(decode(line))
      const isCut = batch.torn && line[line.length - 1] !== CLOSING_BRACE
      if (parsed.kind === 'record') {
        records.push(parsed.record)
        taker.countRecord(parsed.record.type)
      } else if (parsed.kind === 'payload') {
        taker.countPayload()
        if (isCut) markTorn(counted)
      } else if (isCut && parsed.reason === 'not-json') {
        taker.countSkipped('torn', batch.firstLine + index)
        markTorn(counted)
      } else if (parsed.reason !== 'blank') {
        taker.countSkipped(parsed.reason, batch.firstLine + index)
      }
    }
    if (records.length > 0) yield records
  }
  return counted.rows.skipped > 0 ? beginning : undefined
}

/** Damaged gzip data end in the middle of a line too; that they are damaged says more. */
function markTorn(counted: GunzipReport): void {
  if (counted.end === 'whole') counted.end = 'torn'
}

/** Tells a payload row, which may be of many megabytes, without decoding it. */
function isPayload(line: Uint8Array): boolean {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, PAYLOAD_MARK_WITHIN_BYTES))
  return head.includes(PAYLOAD_MARK)
}

function decode(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8')
}

async function* tap(
  chunks: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    see(chunk)
    yield chunk
  }
}
