// SPDX-License-Identifier: Apache-2.0
import type { Writable } from 'node:stream'
import { createTraceSummarizer, type TraceSummary } from './analyze/summarize.ts'
import { timelineFormats, type TimelineFormatName } from './formats.ts'
import { createStreamModel } from './model/stream-model.ts'
import { teeModel } from './model/tee-model.ts'
import type { WrittenPart } from './output/part.ts'
import type { SplitBy } from './output/split.ts'
import { openTimelineOutput } from './output/timeline-output.ts'
import type { Census } from './read/census.ts'
import { findInputs, type Input } from './read/inputs.ts'
import { readRows } from './read/read-rows.ts'
import { chooseRows, type RowChoice } from './select/choose-rows.ts'
import type { TimelineOptions } from './write/timeline-options.ts'

/** What convertTrace reads and where it writes. */
export interface ConvertTraceOptions extends RowChoice {
  /** Files, folders, glob patterns, or `-` for standard input. */
  readonly inputs: readonly string[]
  /** The file to write, or `-` for standard output. See defaultOutputPath. */
  readonly output: string
  /** Of the timeline. @defaultValue `perfetto` */
  readonly format?: TimelineFormatName
  /** What the timeline shows besides requests and tool calls. @defaultValue everything */
  readonly timeline?: TimelineOptions
  /** Several timelines instead of one; the parts are named after `output`. @defaultValue one */
  readonly splitBy?: SplitBy
  /** Compress what is written, which Perfetto reads as it is. @defaultValue false */
  readonly gzip?: boolean
  /** Threads that work, this one included; the output is the same for any number. @defaultValue 1 */
  readonly jobs?: number
  /**
   * Other threads start at once where the files have more than twice as many
   * bytes; else when so many were read, if that is more than the files have
   * (compressed, or a pipe). @defaultValue 64 MiB
   */
  readonly threadsAfterBytes?: number
  /** What `-` among the inputs stands for. @defaultValue `process.stdin` */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** What `-` as output stands for; it stays open. @defaultValue `process.stdout` */
  readonly stdout?: Writable
  /** Stops the conversion, which then rejects; nothing half-written is left. @defaultValue none */
  readonly signal?: AbortSignal
  /** Told after each batch of rows; what it throws stops the conversion. @defaultValue none */
  readonly onProgress?: (progress: ConvertTraceProgress) => void
}

/** How far a conversion is. */
export interface ConvertTraceProgress {
  readonly census: Census
  /** Of all inputs, before decompression; absent where one of them is no regular file. */
  readonly totalBytes?: number
}

/** What convertTrace read and wrote. */
export interface ConvertTraceResult {
  /** As given. */
  readonly output: string
  /** Size of what was written, in all. */
  readonly bytes: number
  /** One for each timeline that was written. */
  readonly parts: readonly WrittenPart[]
  /** What was read and what was skipped. */
  readonly census: Census
  /** What the trace says, counts of the model included. */
  readonly summary: TraceSummary
  /** Rows left out because another one says the same. */
  readonly duplicateRows: number
}

/**
 * Turns traces into timelines while they are read: memory grows with what goes
 * on at a time, not with rows. The output appears under its name only when it
 * is whole.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND`, `DYN_INPUT_EMPTY` or
 * `DYN_INPUT_NOT_A_TRACE` where there is nothing to convert;
 * `DYN_OUTPUT_UNWRITABLE` where the output cannot be written or is an input.
 */
export async function convertTrace(options: ConvertTraceOptions): Promise<ConvertTraceResult> {
  const { format = 'perfetto', timeline = {}, jobs, signal, stdin = process.stdin, stdout = process.stdout } = options
  const { splitBy, gzip = false, threadsAfterBytes } = options
  await using found = await chooseRows(await findInputs(options.inputs, stdin), {
    ...options,
    needsSessions: splitBy === 'session',
  })
  const { inputs, filter, sessionOf } = found
  const totalBytes = sumBytes(inputs)
  const output = await openTimelineOutput({
    format: timelineFormats[format],
    timeline,
    path: options.output,
    stdout,
    gzip,
    ...(splitBy !== undefined && { splitBy }),
    sessionOf,
    inputs,
  })
  try {
    const reading = readRows(inputs, {
      ...(jobs !== undefined && { jobs }),
      ...(threadsAfterBytes !== undefined && { threadsAfterBytes }),
      details: { format, timeline },
      ...filter,
    })
    const summary = createTraceSummarizer()
    const model = createStreamModel({ sink: teeModel(output, summary), release: reading.release })
    // What was made of one batch is written while the next one is read.
    let written: Promise<void> = Promise.resolve()
    for await (const batch of reading) {
      signal?.throwIfAborted()
      model.add(batch)
      await orAborted(written, signal)
      written = output.flush()
      // Whoever waits for it next hears of it.
      written.catch(() => undefined)
      options.onProgress?.({ census: reading.census, ...(totalBytes !== undefined && { totalBytes }) })
    }
    const modelCensus = model.end()
    await orAborted(written, signal)
    const parts = await orAborted(output.finish(), signal)
    return {
      output: options.output,
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
      parts,
      census: { ...reading.census, model: modelCensus },
      summary: summary.result(),
      duplicateRows: modelCensus.duplicateRows,
    }
  } finally {
    await output.discard()
  }
}

/** A pipe that nobody reads any more would keep its writer waiting. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  signal.throwIfAborted()
  let abort = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      reject(signal.reason as Error)
    }
  })
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function sumBytes(inputs: readonly Input[]): number | undefined {
  let sum = 0
  for (const { file } of inputs) {
    if (file === undefined) return undefined
    sum += file.bytes
  }
  return sum
}
