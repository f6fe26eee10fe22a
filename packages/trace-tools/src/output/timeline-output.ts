// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { ModelSink, TrajectoryState } from '../model/model-sink.ts'
import { fileId, type Input } from '../read/inputs.ts'
import type { TimelineFormat } from '../write/timeline-format.ts'
import type { TimelineOptions } from '../write/timeline-options.ts'
import { gzipOutput } from './gzip-output.ts'
import { openOutput, streamOutput, type Output } from './output.ts'
import { Part, type WrittenPart } from './part.ts'
import { SplitTimeline, type SplitBy } from './split.ts'

export interface TimelineOutputOptions {
  readonly format: TimelineFormat
  readonly timeline: TimelineOptions
  /** A path, or `-`. */
  readonly path: string
  readonly stdout: Writable
  readonly gzip: boolean
  readonly splitBy?: SplitBy
  readonly sessionOf: (trajectory: TrajectoryState) => string | undefined
  /** Never written to. */
  readonly inputs: readonly Input[]
}

/** What becomes of the model: one timeline, or several. */
export interface TimelineOutput extends ModelSink {
  /** Hands on what was made so far. */
  flush(): Promise<void>
  /** Writes the rest, and makes all of it visible. */
  finish(): Promise<readonly WrittenPart[]>
  /** Leaves nothing behind, if it is not finished. */
  discard(): Promise<void>
}

/** @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE` where the output cannot be written, or is an input. */
export async function openTimelineOutput(options: TimelineOutputOptions): Promise<TimelineOutput> {
  const { path, splitBy, format, timeline, sessionOf } = options
  const createWriter = await format.loadWriter()
  const createPart = (partPath: string, output: () => Promise<Output>): Part =>
    new Part({
      path: partPath,
      openOutput: output,
      createWriter: (emit) => createWriter(timeline, emit),
      isWhole: splitBy === undefined,
    })
  if (splitBy !== undefined) {
    if (path === '-') throw cannotSplit()
    return new SplitTimeline({
      by: splitBy,
      path,
      sessionOf,
      createPart: (partPath) => createPart(partPath, () => open({ ...options, path: partPath })),
    })
  }
  // An output that cannot be written is found out before anything is read.
  const output = await open(options)
  const whole = createPart(path, () => Promise.resolve(output))
  return {
    spans: (spans) => {
      whole.spans(spans)
    },
    harness: (event) => {
      whole.harness(event)
    },
    end: (outline) => {
      whole.end(outline)
    },
    flush: () => whole.flush(),
    finish: async () => [await whole.finish()],
    discard: async () => {
      // It has the output only from the first byte on.
      await whole.discard()
      await output.discard()
    },
  }
}

async function open({ path, stdout, gzip, inputs }: TimelineOutputOptions): Promise<Output> {
  const output = path === '-' ? streamOutput(stdout, 'standard output') : await openFile(path, inputs)
  return gzip ? gzipOutput(output) : output
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

function cannotSplit(): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: 'several timelines cannot go to standard output',
    advice: 'Name a file with -o: the parts get names that are made of it.',
  })
}
