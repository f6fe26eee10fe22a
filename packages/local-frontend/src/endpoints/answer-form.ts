// SPDX-License-Identifier: Apache-2.0
import type { EngineRequest, EngineTimings } from '../engine/engine.ts'
import type { Generation } from '../generation.ts'
import type { JsonBody } from '../request/json-body.ts'
import type { Generated, Progress } from '../scripted/generate.ts'
import type { Delta } from '../scripted/pace-answer.ts'
import type { Answer } from '../script/script.ts'

/** What every part of the answer to one request has in common. */
export interface AnswerHead {
  readonly generation: Generation
  /** That of the request. */
  readonly body: JsonBody
  /** Also the row's `request_id`; those of a batch have the index of the prompt behind it. */
  readonly requestId: string
  /** How many prompts there are. */
  readonly prompts: number
  /** Epoch milliseconds, fractional. */
  readonly receivedMs: number
  /** Epoch milliseconds, fractional. */
  readonly now: () => number
  /** A new id, a UUID unless the frontend was told otherwise. */
  readonly createId: () => string
}

/** An answer whose generation ran to its end. */
export interface Completed extends Generated {
  readonly answer: Answer
  readonly request: EngineRequest
  readonly timings: EngineTimings
}

/** Those of all prompts, in their order. */
export type AllCompleted = readonly [Completed, ...Completed[]]

/** How the answers to one request are written down. */
export interface AnswerForm {
  /** The body of an answer that is not streamed. */
  readonly document: (completed: AllCompleted) => object
  /** The events of one that is. */
  readonly stream: () => StreamForm
}

/** Turns what happens into events; `[DONE]` is not one of them. Each prompt has its own deltas and its own end. */
export interface StreamForm {
  readonly begin: () => readonly StreamEvent[]
  readonly delta: (delta: Delta, at: PromptPlace) => readonly StreamEvent[]
  /** A prompt has its answer. */
  readonly end: (completed: Completed, at: PromptPlace) => readonly StreamEvent[]
  /** Every prompt has. */
  readonly close: (completed: AllCompleted) => readonly StreamEvent[]
}

export interface PromptPlace {
  /** Of the prompt in its batch. */
  readonly index: number
  readonly progress: Progress
}

export interface StreamEvent {
  /** Of the event, where events have names. */
  readonly name?: string
  readonly data: object
}
