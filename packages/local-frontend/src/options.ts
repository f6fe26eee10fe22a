// SPDX-License-Identifier: Apache-2.0
import type { DynamoAgentError } from '@dynamo-agent/core'
import type { EngineOptions } from './engine/engine.ts'
import type { Generation } from './generation.ts'
import type { Script } from './script/script.ts'

/** Where answers come from: a script and a simulated engine, or another server. */
export type ModelOptions =
  | { readonly script: Script; readonly engine?: EngineOptions | undefined }
  | {
      /** OpenAI-compatible root of the server; a bare host gets `/v1`. */
      readonly upstream: string
      /** Replaces the client's own bearer token on the way to the upstream. */
      readonly apiKey?: string | undefined
    }

/** The trace files, with Dynamo's own settings. */
export interface TraceOptions {
  /** As Dynamo reads it: the file itself, or for `jsonl_gz` what its rolled segments are named after. */
  readonly path: string
  /** @defaultValue `jsonl` */
  readonly format?: 'jsonl' | 'jsonl_gz' | undefined
  /** Bytes kept in memory before they are written. @defaultValue 1048576 */
  readonly bufferBytes?: number | undefined
  /** @defaultValue 1000 */
  readonly flushIntervalMs?: number | undefined
  /** Uncompressed bytes of a segment, for `jsonl_gz`. @defaultValue 268435456 */
  readonly rollBytes?: number | undefined
  /** Lines of a segment, for `jsonl_gz`. @defaultValue unlimited */
  readonly rollLines?: number | undefined
}

export interface ToolEventOptions {
  /** ZeroMQ endpoint to listen on. @defaultValue `tcp://127.0.0.1:0`, a free port */
  readonly bind?: string | undefined
  /** @defaultValue `agent-tool-events` */
  readonly topic?: string | undefined
}

/** Something that happened, for a log. Holds no keys and no contents. */
export type FrontendEvent =
  | { readonly type: 'listening'; readonly baseUrl: string }
  | { readonly type: 'request-answered'; readonly method: string; readonly path: string; readonly status: number }
  | { readonly type: 'request-failed'; readonly path: string; readonly error: unknown }
  | { readonly type: 'tool-event-dropped'; readonly reason: string }
  | { readonly type: 'closed' }

export interface LocalFrontendOptions {
  readonly model: ModelOptions
  /** Address to bind. Any other than the loopback opens the frontend to the network. @defaultValue `127.0.0.1` */
  readonly host?: string | undefined
  /** 0 takes a free port. @defaultValue 0 */
  readonly port?: number | undefined
  /** Which Dynamo it behaves like. @defaultValue `1.3+` */
  readonly generation?: Generation | undefined
  /** @defaultValue none: nothing is recorded */
  readonly trace?: TraceOptions | undefined
  /** Ingest of tool events; false turns it off. @defaultValue on, at a free port of the loopback */
  readonly toolEvents?: ToolEventOptions | false | undefined
  /** Bearer token that requests must bring. @defaultValue none is required */
  readonly apiKey?: string | undefined
  /** Larger bodies are refused with 413. @defaultValue 33554432 */
  readonly maxBodyBytes?: number | undefined
  /** Host names, without port, that Host and Origin may name besides the loopback and `host`. @defaultValue none */
  readonly allowedHosts?: readonly string[] | undefined
  /** A client that takes nothing of its answer for so long is cut off. @defaultValue 30000 */
  readonly stallTimeoutMs?: number | undefined
  /** What `close()` lets running requests, and `drain()` everything, take at most. @defaultValue 2000 */
  readonly closeTimeoutMs?: number | undefined
  /** Epoch milliseconds, fractional. @defaultValue the monotonic clock */
  readonly now?: (() => number) | undefined
  /** Random u64 for worker ids. @defaultValue from the system's random source, above 2^53 */
  readonly randomU64?: (() => bigint) | undefined
  /** @defaultValue random UUIDs */
  readonly createRequestId?: (() => string) | undefined
  /** Told what happens. What it throws is ignored. @defaultValue nothing listens */
  readonly onEvent?: ((event: FrontendEvent) => void) | undefined
}

/** What has happened so far. */
export interface LocalFrontendCounters {
  readonly requests: {
    /** Whatever was asked. */
    readonly received: number
    /** Refused by the guard: foreign Host or Origin, no token. */
    readonly refused: number
    /** Answered with an error of the client's or of the server's. */
    readonly failed: number
    /** The client went away before the end. */
    readonly aborted: number
    /** Requests that left a row. */
    readonly recorded: number
  }
  readonly toolEvents: {
    readonly accepted: number
    readonly dropped: number
    readonly droppedByReason: Readonly<Record<string, number>>
    /** Calls whose end never came, closed as cancelled. */
    readonly cancelled: number
  }
  /** Rows of the trace files. */
  readonly rows: { readonly written: number; readonly dropped: number }
}

/** A running frontend. */
export interface LocalFrontend extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41233/v1`. */
  readonly baseUrl: string
  readonly generation: Generation
  /** Where tool events go; absent when their ingest is off. */
  readonly toolEventsEndpoint?: string
  /** Every trace file written so far. */
  readonly traceFiles: readonly string[]
  /** The last failure of the disk, if rows were lost to it: `DYN_OUTPUT_UNWRITABLE`. */
  readonly traceProblem: DynamoAgentError | undefined
  readonly counters: LocalFrontendCounters
  /**
   * The variables that make a program talk to this frontend; spread them last
   * into its environment. With ingest off they empty the tool-event endpoint, so
   * that its events go nowhere else.
   *
   * @param environment The program's environment without them.
   */
  environmentFor(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>>
  /**
   * Waits, no longer than `closeTimeoutMs`, until running requests have ended
   * and tool events have stopped coming, closes tool calls that are still open
   * as cancelled, and puts every row on disk. The frontend stays usable.
   */
  drain(): Promise<void>
  /** Drains, then stops. Each call returns the same promise; it never rejects. */
  close(): Promise<void>
}
