// SPDX-License-Identifier: Apache-2.0
import type { Release } from '@dynamo-agent/real-dynamo'
import type { ModelPath } from '../differences/cases.ts'

/** Everything that is held to the contract. */
export const localTargets = ['local-frontend 1.2', 'local-frontend 1.3+'] as const

export type LocalTargetName = (typeof localTargets)[number]
export type TargetName = Release | LocalTargetName

/** Answers that every target can be made to give. */
export type ScriptedReply = 'one-call' | 'two-calls'

export interface TargetOptions {
  /** @defaultValue jsonl */
  readonly traceFormat?: 'jsonl' | 'jsonl_gz'
  /** Lines of a segment, for `jsonl_gz`. @defaultValue unlimited */
  readonly rollLines?: number
}

/** A running frontend, real or ours, as a client and a reader of its trace see it. */
export interface Target extends AsyncDisposable {
  readonly name: TargetName
  /** The release whose column of the tables it is held to. */
  readonly release: Release
  /** Ends in `/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly toolEventsEndpoint: string
  /** Where its trace files are, and nothing else that ends in `.jsonl` or `.gz` and starts with `trace`. */
  readonly traceFolder: string
  /**
   * What to merge into a body to be given this answer; undefined where that
   * cannot be had.
   *
   * @param path Of the request. @defaultValue `/v1/chat/completions`
   */
  bodyFor(reply: ScriptedReply, path?: ModelPath): Readonly<Record<string, unknown>> | undefined
  /** The same for an answer of about `tokens` tokens that takes its time. */
  longAnswer(tokens: number, path?: ModelPath): Readonly<Record<string, unknown>>
  stopFrontend(): Promise<void>
  /** Starts it again on the same ports, with the same trace path. */
  startFrontend(): Promise<void>
}

/** How soon rows reach the file. */
export const FLUSH_INTERVAL_MS = 20

/** Tokens to generate at most, as a request to this path says it. */
export function limitOf(tokens: number, path?: ModelPath): Readonly<Record<string, unknown>> {
  return { [path === '/v1/responses' ? 'max_output_tokens' : 'max_tokens']: tokens }
}
