// SPDX-License-Identifier: Apache-2.0
import type {
  HarnessEvent,
  ModelSink,
  SettledSpans,
  TraceOutline,
  TrajectoryState,
} from '../model/model-sink.ts'
import { behind } from '../model/span-places.ts'
import * as told from '../model/told.ts'
import { PIECE_BYTES, type TimelineWriter } from '../write/timeline-format.ts'
import { Chunks } from './chunks.ts'
import type { Output } from './output.ts'

/** What one output of a conversion became. */
export interface WrittenPart {
  /** The path as given or made, or `-`. */
  readonly path: string
  /** Size of what was written, as it lies on the disk. */
  readonly bytes: number
  readonly requests: number
  readonly toolCalls: number
}

export interface PartOptions {
  readonly path: string
  /** Made when there is something to write. */
  readonly openOutput: () => Promise<Output>
  readonly createWriter: (emit: (piece: Uint8Array) => void) => TimelineWriter
  /** The part holds all there is, so that nothing has to be sorted out. */
  readonly isWhole: boolean
}

/**
 * Each write waits for another thread, so few large ones are better. Of parts
 * there may be a thousand, so they hold nothing back.
 */
const FLUSH_BYTES = 1 << 19

/** One timeline and where it goes: takes what the model tells, and is emptied from time to time. */
export class Part implements ModelSink {
  readonly path: string
  readonly #openOutput: () => Promise<Output>
  readonly #writer: TimelineWriter
  readonly #isWhole: boolean
  readonly #trajectories = new Set<TrajectoryState>()
  /** The arrows that left calls which came as inferred and will come once more. */
  readonly #inferredSpawns = new Set<number>()
  /** What waits to be written. */
  readonly #gathered: Chunks
  #output: Output | undefined
  #outline: TraceOutline | undefined
  #isDiscarded = false
  #requests = 0
  #toolCalls = 0
  /** What the writer made so far. */
  bytes = 0
  #written = 0

  constructor({ path, openOutput, createWriter, isWhole }: PartOptions) {
    this.path = path
    this.#openOutput = openOutput
    this.#isWhole = isWhole
    this.#gathered = new Chunks(isWhole ? FLUSH_BYTES : PIECE_BYTES)
    this.#writer = createWriter((piece) => {
      this.#gathered.append(piece)
      this.bytes += piece.length
    })
  }

  spans(spans: SettledSpans): void {
    const { values } = spans
    for (let place = 0; place < values.length; place = behind(values, place)) {
      const isCall = values[place + told.KIND] === told.TOOL_CALL
      if (isCall) this.#toolCalls++
      else this.#requests++
      if (!this.#isWhole) this.#keepInside(spans, place, isCall)
    }
    this.#writer.spans(spans)
  }

  harness(event: HarnessEvent): void {
    if (!this.#isWhole) this.#trajectories.add(event.trajectory)
    this.#writer.harness?.(event)
  }

  end(outline: TraceOutline): void {
    this.#outline = outline
  }

  /** Hands what was made to the output, once it is worth the trouble. */
  async flush(): Promise<void> {
    if (this.bytes - this.#written >= (this.#isWhole ? FLUSH_BYTES : 1)) await this.#write()
  }

  async #write(): Promise<void> {
    for (const chunk of this.#gathered.take()) {
      this.#output ??= await this.#openOutput()
      await this.#output.write(chunk)
      this.#written += chunk.length
      // Most of a thousand parts get nothing more for long.
      if (this.#isWhole) this.#gathered.give(chunk)
    }
  }

  async finish(): Promise<WrittenPart> {
    if (this.#outline !== undefined) await this.#writeRest(this.#outline)
    await this.#write()
    if (!this.#isDiscarded) await this.#output?.finish()
    const bytes = this.#output?.taken() ?? 0
    return { path: this.path, bytes, requests: this.#requests, toolCalls: this.#toolCalls }
  }

  async #writeRest(outline: TraceOutline): Promise<void> {
    const rest = this.#writer.end(this.#isWhole ? outline : this.#own(outline))
    while (!this.#isDiscarded && rest.next().done !== true) await this.flush()
  }

  async discard(): Promise<void> {
    this.#isDiscarded = true
    await this.#output?.discard()
  }

  /** An arrow from another part has no beginning here. */
  #keepInside({ values, trajectories }: SettledSpans, place: number, isCall: boolean): void {
    const trajectory = trajectories[values[place + told.TRAJECTORY] ?? -1]
    if (trajectory !== undefined) this.#trajectories.add(trajectory)
    if (isCall) this.#keepSpawns(values, place)
    const spawn = isCall ? told.NO_SPAWN : values[place + told.SPAWN_KIND]
    if (spawn !== told.SPAWN_BY_PAST_REQUEST && spawn !== told.SPAWN_BY_PAST_TOOL) return
    const parent = trajectories[values[place + told.SPAWN_PARENT] ?? -1]
    if (parent === undefined || !this.#trajectories.has(parent)) values[place + told.SPAWN_KIND] = told.NO_SPAWN
  }

  /**
   * A call that comes as unended after it came as inferred has arrows that left
   * it then: in another part they have not.
   */
  #keepSpawns(values: Float64Array, place: number): void {
    if (values[place + told.IS_TWOFOLD] === 0) return
    const first = place + told.FIRST_SPAWN
    if (values[place + told.TIMING] !== told.UNENDED) {
      for (const spawn of values.subarray(first, behind(values, place))) this.#inferredSpawns.add(spawn)
      return
    }
    const before = values.subarray(first, first + (values[place + told.SPAWNS_BEFORE] ?? 0))
    values[place + told.SPAWNS_BEFORE] = before.filter((spawn) => this.#inferredSpawns.delete(spawn)).length
  }

  /** The trajectories that have something in this part, and those above them. */
  #own(outline: TraceOutline): TraceOutline {
    const sessions = outline.sessions.flatMap((session) => {
      const kept = new Set<TrajectoryState>()
      for (const { state, parent } of session.trajectories.toReversed()) {
        if (!this.#trajectories.has(state) && !kept.has(state)) continue
        kept.add(state)
        if (parent !== undefined) kept.add(parent)
      }
      return kept.size === 0 ? [] : [{ ...session, trajectories: session.trajectories.filter(({ state }) => kept.has(state)) }]
    })
    return { ...outline, sessions }
  }
}
