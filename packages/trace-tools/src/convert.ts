// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { summarizeTrace, type TraceSummary } from './analyze/summarize.ts'
import { timelineFormats, type TimelineFormatName } from './formats.ts'
import { buildTraceModel } from './model/build-model.ts'
import { openOutput, streamOutput, type Output } from './output.ts'
import type { Census } from './read/census.ts'
import { fileId, findInputs, type Input } from './read/inputs.ts'
import { readInputs } from './read/records.ts'
import type { TimelineOptions } from './write/timeline-options.ts'

/** What convertTrace reads and where it writes. */
export interface ConvertTraceOptions {
  /** Files, folders, glob patterns, or `-` for standard input. */
  readonly inputs: readonly string[]
  /** The file to write, or `-` for standard output. See defaultOutputPath. */
  readonly output: string
  /** Of the timeline. @defaultValue `perfetto` */
  readonly format?: TimelineFormatName
  /** What the timeline shows besides requests and tool calls. @defaultValue everything */
  readonly timeline?: TimelineOptions
  /** What `-` among the inputs stands for. @defaultValue `process.stdin` */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** What `-` as output stands for; it stays open. @defaultValue `process.stdout` */
  readonly stdout?: Writable
  /** Stops the conversion, which then rejects; nothing half-written is left. @defaultValue none */
  readonly signal?: AbortSignal
  /** Told after each batch of rows; what it throws stops the conversion. @defaultValue none */
  readonly onProgress?: (census: Census) => void
}

/** What convertTrace read and wrote. */
export interface ConvertTraceResult {
  /** As given. */
  readonly output: string
  /** Size of what was written. */
  readonly bytes: number
  /** What was read and what was skipped. */
  readonly census: Census
  /** What the trace says, counts of the model included. */
  readonly summary: TraceSummary
  /** Rows left out because another one says the same. */
  readonly duplicateRows: number
}

/**
 * Turns traces into one timeline. The output appears under its name only when
 * it is whole.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND`, `DYN_INPUT_EMPTY` or
 * `DYN_INPUT_NOT_A_TRACE` where there is nothing to convert;
 * `DYN_OUTPUT_UNWRITABLE` where the output cannot be written or is an input.
 */
export async function convertTrace(options: ConvertTraceOptions): Promise<ConvertTraceResult> {
  const { format = 'perfetto', timeline = {}, stdin = process.stdin, stdout = process.stdout, signal } = options
  const inputs = await findInputs(options.inputs, stdin)
  const toStdout = options.output === '-'
  const output = toStdout ? streamOutput(stdout, 'standard output') : await openFile(options.output, inputs)
  try {
    const reading = readInputs(inputs)
    const records: TraceRecord[] = []
    for await (const batch of reading) {
      signal?.throwIfAborted()
      for (const record of batch) records.push(record)
      options.onProgress?.(reading.census)
    }
    const model = buildTraceModel(records)
    const bytes = await output.write(timelineFormats[format].write(model, timeline), signal)
    return {
      output: options.output,
      bytes,
      census: reading.census,
      summary: summarizeTrace(model),
      duplicateRows: model.duplicateRows ?? 0,
    }
  } finally {
    await output.discard()
  }
}

async function openFile(path: string, inputs: readonly Input[]): Promise<Output> {
  const existing = await stat(path, { bigint: true }).catch(() => undefined)
  // A device, such as a terminal, may well be both.
  if (existing?.isFile() === true && inputs.some((input) => input.fileId === fileId(existing))) {
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `${path} is an input and the output`,
      advice: 'Name another file with -o: a trace is never overwritten by its timeline.',
    })
  }
  return openOutput(path)
}
