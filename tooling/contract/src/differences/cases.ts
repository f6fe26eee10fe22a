// SPDX-License-Identifier: Apache-2.0
import type { ByRelease } from '../by-release.ts'
import type { LocalTargetName, ScriptedReply } from '../targets/target.ts'

/** A body, or what to merge into a plain one of its path; a text is sent as it is. */
export type BodyOf = Readonly<Record<string, unknown>> | string

/** One row of a table. */
export interface Case {
  readonly title: string
  /** Where local-frontend differs on purpose: what it does instead, and why. */
  readonly ours?: {
    readonly answers: Partial<Readonly<Record<LocalTargetName, string>>>
    /** A sentence for the page. */
    readonly why: string
  }
}

/** The paths under which a model is asked. */
export type ModelPath = '/v1/chat/completions' | '/v1/completions' | '/v1/responses'

/** One request and how it is answered. */
export interface RequestCase extends Case {
  /** @defaultValue `/v1/chat/completions` */
  readonly path?: string
  /** @defaultValue POST where a model is asked, GET elsewhere */
  readonly method?: string
  readonly body?: BodyOf
  readonly headers?: Readonly<Record<string, string>>
  /** What of the body of a 200 is worth showing. @defaultValue all of it; nothing of what a model says */
  readonly show?: (body: Readonly<Record<string, unknown>>) => unknown
  /** Its status, and what an error says; see observeAnswer. */
  readonly expected: ByRelease<string>
}

/** What names the caller, and whom the row names. */
export interface IdentityCase extends Case {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyOf
  readonly path?: ModelPath
  /** `agent_context` of the row, as JSON. */
  readonly expected: ByRelease<string>
}

/** One message to the tool-event port. */
export interface ToolEventCase extends Case {
  /** The record of this generation with these changes, or anything at all. */
  readonly change?: (record: ToolRecord, dialect: 'agent-context-body' | 'session-headers') => unknown
  readonly frames?: (payload: Buffer) => readonly (string | Buffer)[]
  /** What to look at in the row: a path into it. */
  readonly look?: string
  /** `dropped`, `kept`, or `kept: ` and the JSON of what is looked at. */
  readonly expected: ByRelease<string>
}

export type ToolRecord = Record<string, unknown> & { tool: Record<string, unknown> }

/** Rows of one table of the page. */
export interface Section<Case> {
  readonly title: string
  /** What a reader must know to read the table. */
  readonly note: string
  readonly cases: readonly Case[]
}

/** One body, event or row, as its keys. */
export interface ShapeCase extends Case {
  readonly part: Part
  /** @defaultValue `/v1/chat/completions` */
  readonly path?: ModelPath
  readonly body?: Readonly<Record<string, unknown>>
  readonly reply?: ScriptedReply
  /** See shapeOf; `none` where there is no such thing. */
  readonly expected: ByRelease<string>
}

export type Part =
  | 'answer'
  | 'headers'
  | 'headers-anonymous'
  | 'headers-error'
  | 'first'
  | 'middle'
  | 'finish'
  | 'usage'
  | 'tool-deltas'
  | 'finish-reason'
  | 'stream-headers'
  | 'events'
  | 'row'
  | 'row-anonymous'
  | 'row-stream'
  | 'row-cut'
  | 'row-finish'
  | 'row-tool-start'
  | 'row-tool-end'
  /** That of a response, and of the items of its output. */
  | 'statuses'
  /** The names of the events of a response, each as often as they come in a row. */
  | 'event-names'
  /** The first event of this name. */
  | `event ${string}`

/** One request that names its caller, and whether it is in the trace. */
export interface RowCase extends Case {
  /** @defaultValue `/v1/chat/completions` */
  readonly path?: ModelPath | '/v1/messages'
  /** Merged into a plain body of its path. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly cut?: 'in the middle' | 'before the answer'
  readonly expected: ByRelease<'row' | '2 rows' | 'no row'>
}
