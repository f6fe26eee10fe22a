// SPDX-License-Identifier: Apache-2.0
import type { ModelSink } from '../../src/model/model-sink.ts'
import { createStreamModel } from '../../src/model/stream-model.ts'
import type { RowBatch } from '../../src/read/row-batch.ts'
import { createScanner } from '../../src/read/scan/scanner.ts'
import { timelineFormats } from '../../src/formats.ts'
import type { TimelineFormat } from '../../src/write/timeline-format.ts'
import type { TimelineOptions } from '../../src/write/timeline-options.ts'

/** What came of writing a timeline. */
export interface WrittenTimeline {
  readonly bytes: Buffer
  readonly pieces: number
  /** How many buffers the pieces stood in. */
  readonly memories: number
  /** How many arrows the model knows of. */
  readonly edges: number
}

/** Lines of one batch, and bytes before the first one, where nothing has a meaning. */
const BATCH_LINES = 7
const MARGIN = 16

/** Scans lines in small batches, so that what is told belongs to several. */
export function* scanLines(lines: readonly (string | Uint8Array)[]): Generator<RowBatch> {
  const scan = createScanner()
  for (let at = 0; at < lines.length; at += BATCH_LINES) {
    const block = Buffer.concat(lines.slice(at, at + BATCH_LINES).flatMap((line) => [Buffer.from(line), lineFeed]))
    const bytes = new Uint8Array(block.length + 2 * MARGIN)
    bytes.set(block, MARGIN)
    yield scan({ bytes, start: MARGIN, end: MARGIN + block.length }).batch
  }
}

const lineFeed = Buffer.from('\n')

/** What the formats are made of, so that a test need not wait for it. */
const loaded = new Map(
  await Promise.all(
    Object.values(timelineFormats).map(async (format) => {
      const [createDetailsEncoder, createWriter] = await Promise.all([format.loadDetailsEncoder(), format.loadWriter()])
      return [format, { createDetailsEncoder, createWriter }] as const
    }),
  ),
)

function failNotListed({ extension }: TimelineFormat): never {
  throw new Error(`no format of ${extension} is listed`)
}

/** Writes the timeline of a trace's lines as a conversion without threads does. */
export function writeTimeline(
  format: TimelineFormat,
  lines: readonly (string | Uint8Array)[],
  options: TimelineOptions = {},
): WrittenTimeline {
  const pieces: Uint8Array[] = []
  const memories = new Set<ArrayBufferLike>()
  const { createDetailsEncoder, createWriter } = loaded.get(format) ?? failNotListed(format)
  const encode = createDetailsEncoder(options)
  const writer = createWriter(options, (piece) => {
    memories.add(piece.buffer)
    pieces.push(Uint8Array.from(piece))
  })
  let edges = 0
  const sink: ModelSink = {
    spans(spans) {
      spans.each({ request: ({ results, spawn }) => void (edges += results.length + (spawn ? 1 : 0)), tool: () => undefined })
      writer.spans(spans)
    },
    harness(event) {
      writer.harness?.(event)
    },
    end(outline) {
      const rest = writer.end(outline)
      while (rest.next().done !== true) continue
    },
  }
  const model = createStreamModel({ sink })
  for (const batch of scanLines(lines)) model.add({ ...batch, details: encode(batch) })
  model.end()
  return { bytes: Buffer.concat(pieces), pieces: pieces.length, memories: memories.size, edges }
}
