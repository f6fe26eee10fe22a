// SPDX-License-Identifier: Apache-2.0
import type { ByRelease } from '../by-release.ts'
import type { LocalTargetName, ScriptedReply } from '../targets/target.ts'

/** A body, or what to merge into that of a plain chat completion; a text is sent as it is. */
export type BodyOf = Readonly<Record<string, unknown>> | string

/** One row of a table. */
export interface Case {
  readonly title: string
  /** Where local-frontend differs on purpose: what it does instead. */
  readonly ours?: Partial<Readonly<Record<LocalTargetName, string>>>
}

/** One request and how it is answered. */
export interface RequestCase extends Case {
  /** @defaultValue `/v1/chat/completions` */
  readonly path?: string
  /** @defaultValue POST to chat completions, GET elsewhere */
  readonly method?: string
  readonly body?: BodyOf
  readonly headers?: Readonly<Record<string, string>>
  /** What of the body of a 200 is worth showing. @defaultValue all of it; nothing of a chat completion */
  readonly show?: (body: Readonly<Record<string, unknown>>) => unknown
  /** Its status, and what an error says; see observeAnswer. */
  readonly expected: ByRelease<string>
}

/** What names the caller, and whom the row names. */
export interface IdentityCase extends Case {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyOf
  readonly path?: string
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

/** One request that names its caller, and whether it is in the trace. */
export interface RowCase extends Case {
  readonly path?: string
  /** Merged into a plain chat completion. */
  readonly body?: Readonly<Record<string, unknown>>
  /** In its place. */
  readonly whole?: Readonly<Record<string, unknown>>
  readonly cut?: 'at the first bytes' | 'before the answer'
  readonly expected: ByRelease<'row' | 'no row'>
}
