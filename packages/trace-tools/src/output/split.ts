// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { HarnessEvent, ModelSink, SettledSpans, TraceOutline, TrajectoryState } from '../model/model-sink.ts'
import { behind, hasRow } from '../model/span-places.ts'
import * as told from '../model/told.ts'
import { detailsStart } from '../read/row-batch.ts'
import { PIECE_BYTES } from '../write/timeline-format.ts'
import type { Part, WrittenPart } from './part.ts'

/** What a timeline is cut by: a part for each session, for each hour in which something began, or of about a size. */
export type SplitBy = 'session' | 'hour' | { readonly bytes: number }

export interface SplitOptions {
  readonly by: SplitBy
  /** Path of a whole timeline, of which those of the parts are made. */
  readonly path: string
  readonly createPart: (path: string) => Part
  /** The session that a trajectory belongs to; undefined for rows without identity. */
  readonly sessionOf: (trajectory: TrajectoryState) => string | undefined
}

/** Each part is an open file with a writer of its own. */
const MAX_PARTS = 1000

/** What a span becomes besides what its row says. */
const SPAN_BYTES = 256

const MS_PER_HOUR = 3_600_000

/** Spreads what the model tells over several timelines. */
export class SplitTimeline implements ModelSink {
  readonly #options: SplitOptions
  readonly #parts = new Map<string, Part>()
  #isDiscarded = false

  constructor(options: SplitOptions) {
    this.#options = options
  }

  spans(spans: SettledSpans): void {
    const { values, trajectories } = spans
    const isBySize = typeof this.#options.by === 'object'
    const places = new Map<Part, number[]>()
    let groupBytes = 0
    for (let place = 0; place < values.length; place = behind(values, place)) {
      const trajectory = trajectories[values[place + told.TRAJECTORY] ?? -1]
      if (trajectory === undefined) continue
      const part = this.#partFor({ trajectory, startMs: values[place + told.START_MS] ?? 0 })
      const own = places.get(part)
      if (own === undefined) places.set(part, [place])
      else own.push(place)
      if (!isBySize) continue
      groupBytes += bytesOf(spans, place)
      if (groupBytes >= PIECE_BYTES) draw()
    }
    draw()

    function draw(): void {
      for (const [part, own] of places) part.spans(spans.select(own))
      places.clear()
      groupBytes = 0
    }
  }

  harness(event: HarnessEvent): void {
    this.#partFor(event).harness(event)
  }

  end(outline: TraceOutline): void {
    for (const part of this.#parts.values()) part.end(outline)
  }

  async flush(): Promise<void> {
    for (const part of this.#parts.values()) await part.flush()
  }

  async finish(): Promise<readonly WrittenPart[]> {
    const written: WrittenPart[] = []
    for (const part of this.#parts.values()) {
      if (this.#isDiscarded) break
      written.push(await part.finish())
    }
    return written
  }

  async discard(): Promise<void> {
    this.#isDiscarded = true
    for (const part of this.#parts.values()) await part.discard()
  }

  #partFor(span: Pick<HarnessEvent, 'trajectory' | 'startMs'>): Part {
    const { by } = this.#options
    if (by === 'session') return this.#part(this.#options.sessionOf(span.trajectory) ?? 'no-session')
    if (by === 'hour') return this.#part(nameHour(span.startMs))
    const number = Math.max(1, this.#parts.size)
    const current = this.#part(nameNumber(number))
    return current.bytes < by.bytes ? current : this.#part(nameNumber(number + 1))
  }

  #part(name: string): Part {
    const known = this.#parts.get(name)
    if (known !== undefined) return known
    if (this.#parts.size === MAX_PARTS) throw tooManyParts(this.#options.path)
    const part = this.#options.createPart(this.#pathOf(name))
    this.#parts.set(name, part)
    return part
  }

  /** `trace.pftrace` becomes `trace.NAME.pftrace`; two names that look alike in a path are told apart. */
  #pathOf(name: string): string {
    const { path } = this.#options
    const end = path.endsWith('.gz') ? `${extname(path.slice(0, -3))}.gz` : extname(path)
    const stem = end === '' ? path : path.slice(0, -end.length)
    const safe = name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100)
    const taken = new Set(Array.from(this.#parts.values(), (part) => part.path))
    let candidate = `${stem}.${safe}${end}`
    for (let number = 2; taken.has(candidate); number++) candidate = `${stem}.${safe}.${number}${end}`
    return candidate
  }
}

/** About what a span becomes: how large a part is one knows when its spans are drawn. */
function bytesOf(spans: SettledSpans, place: number): number {
  const { values } = spans
  if (!hasRow(values, place)) return SPAN_BYTES
  const row = values[place + told.ROW] ?? 0
  const { details } = spans.batchAt(values[place + told.SLOT] ?? 0)
  return details === undefined ? SPAN_BYTES : SPAN_BYTES + (details.ends[row] ?? 0) - detailsStart(details, row)
}

/** In UTC, and in the order of time when sorted by name; no colon, which some file systems do not take. */
function nameHour(timeMs: number): string {
  const hour = new Date(Math.floor(timeMs / MS_PER_HOUR) * MS_PER_HOUR)
  return Number.isNaN(hour.getTime()) ? 'no-time' : `${hour.toISOString().slice(0, 13).replace('+', '')}Z`
}

function nameNumber(number: number): string {
  return String(number).padStart(4, '0')
}

function tooManyParts(path: string): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `${path} would become more than ${MAX_PARTS} parts`,
    advice: 'Choose with --session, --since, --until or --max-sessions, or split by size.',
  })
}
