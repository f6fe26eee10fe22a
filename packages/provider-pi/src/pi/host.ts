// SPDX-License-Identifier: Apache-2.0
import type { PiHarnessEvents, PiMeasuredMessage } from './harness-events.ts'

/**
 * The seam to Pi: the parts of its extension API that this package uses, as
 * structural types. Nothing here comes from a Pi package, whose name, types
 * and branded generics differ between the generations that share this API.
 */

/** What an extension factory is given. */
export interface PiHost {
  on(event: 'session_start', handler: PiHandler<PiSessionStart>): unknown
  on(event: 'session_shutdown', handler: PiHandler<PiSessionShutdown>): unknown
  on(event: 'tool_execution_start', handler: PiHandler<PiToolStart>): unknown
  on(event: 'tool_execution_end', handler: PiHandler<PiToolEnd>): unknown
  on(event: 'before_agent_start', handler: PiHandler<unknown>): unknown
  on(event: 'message_end', handler: PiHandler<{ readonly message: PiMessage }>): unknown
  on<Name extends keyof PiHarnessEvents>(event: Name, handler: PiHandler<PiHarnessEvents[Name]>): unknown
  registerCommand(name: string, command: PiCommand): void
  registerProvider(name: string, provider: PiProvider): void
}

/** Pi awaits what a handler returns, and the agent waits with it. */
export type PiHandler<Event> = (event: Event, context: PiContext) => Promise<void> | void

export interface PiContext {
  /** False where nobody can be asked: print and JSON mode. */
  readonly hasUI: boolean
  /** `tui`, `rpc`, `json` or `print`; from Pi 0.78 on. */
  readonly mode?: string
  /** Aborted when the user stopped the agent; undefined while the agent is idle. */
  readonly signal: AbortSignal | undefined
  /** Pi's own screen, or the client of RPC; nothing happens where `hasUI` is false. */
  readonly ui: {
    notify(message: string, type?: 'info' | 'warning' | 'error'): void
    setStatus(key: string, text: string | undefined): void
  }
  readonly sessionManager: {
    getSessionId(): string
    /** undefined with `--no-session`; some hosts have a session manager of their own that lacks it. */
    getSessionFile?(): string | undefined
    /** `parentSession` is the file of the session that it was forked from. */
    getHeader?(): { readonly parentSession?: string | undefined } | null
    /** What the model is given, but for the system prompt in older generations. */
    buildSessionContext?(): { readonly messages: readonly PiMeasuredMessage[] }
  }
}

export interface PiSessionStart {
  /** `startup`, `reload`, `new`, `resume` or `fork`. */
  readonly reason?: string
  /** With `new`, `resume` and `fork`. */
  readonly previousSessionFile?: string
}

export interface PiSessionShutdown {
  /** `quit`, `reload`, `new`, `resume` or `fork`. */
  readonly reason?: string
}

/** A message of the conversation, as far as it is looked at: never its content. */
export interface PiMessage {
  readonly role: string
  readonly provider?: string
  /** Tokens; `input` without those from the cache. */
  readonly usage?: { readonly input?: number; readonly output?: number; readonly cacheRead?: number }
  readonly stopReason?: string
  readonly errorMessage?: string
}

export interface PiCommand {
  readonly description: string
  readonly handler: (args: string, context: PiContext) => Promise<void>
}

export interface PiToolStart {
  readonly toolCallId: string
  readonly toolName: string
}

export interface PiToolEnd {
  readonly toolCallId: string
  readonly toolName: string
  readonly result: unknown
  readonly isError: boolean
}

export interface PiProvider {
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: string
  readonly api: string
  readonly models: PiModelConfig[]
  readonly streamSimple: PiStreamSimple
  /**
   * From Pi 0.80 on: asked for the models when a person wants to choose one,
   * and while Pi starts, then without leave to use the network.
   */
  readonly refreshModels?: (context: { readonly allowNetwork?: boolean }) => Promise<PiModelConfig[]>
}

export interface PiModelConfig {
  readonly id: string
  readonly name: string
  readonly reasoning: boolean
  readonly input: ('text' | 'image')[]
  readonly cost: { input: number; output: number; cacheRead: number; cacheWrite: number }
  /** Tokens. */
  readonly contextWindow: number
  /** Output tokens of one answer at most. */
  readonly maxTokens: number
  readonly compat: Readonly<Record<string, unknown>>
}

/** The model of an LLM call, as far as it is read here. */
export interface PiModel {
  readonly id?: string
  readonly headers?: PiHeaders
}

/** The options of one LLM call, as far as they are read or changed here; the rest passes through. */
export interface PiStreamOptions {
  /** Pi's own id of the session, in an ordinary turn of it. */
  readonly sessionId?: string
  readonly apiKey?: string
  /** A null deletes one of Pi's own headers. */
  readonly headers?: PiHeaders
  readonly onPayload?: (payload: unknown, model: never) => unknown
  /** Makes the HTTP requests of the call; not in every generation of Pi. */
  readonly fetch?: typeof globalThis.fetch
}

export type PiHeaders = Readonly<Record<string, string | null>>

/** Starts one LLM call and returns Pi's event stream, which passes through untouched. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Each generation brands these in its own way.
export type PiStreamSimple = (model: any, context: any, options?: any) => any
