// SPDX-License-Identifier: Apache-2.0
import type { DialectName } from '@dynamo-agent/core'
import type { DynamoHints } from './hints.ts'

/** The settings of createDynamo. What is left out comes from the environment, at the first call. */
export interface DynamoProviderSettings {
  /**
   * OpenAI-compatible root of the frontend; a bare host gets `/v1`.
   * @defaultValue `DYNAMO_BASE_URL`, else `OPENAI_BASE_URL`, else `http://127.0.0.1:8000/v1`
   */
  readonly baseURL?: string | undefined
  /** Sent as bearer token. @defaultValue `DYNAMO_API_KEY`, else `dynamo-local` */
  readonly apiKey?: string | undefined
  /** Sent with every request; the headers of a call win. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Makes the HTTP requests.
   * @defaultValue undici's own, without Node's limit of 300 s on the first token and between tokens
   */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * How identity travels: `session-headers` (Dynamo 1.3 and later), `agent-context-body` (1.2), or `auto`: asks the
   * frontend, for which the first call waits at most 250 ms.
   * @defaultValue `DYN_AGENT_DIALECT`, else `auto`
   */
  readonly dialect?: DialectName | 'auto' | undefined
  /**
   * For every call; those of a session, and of a call, win.
   * @defaultValue `DYN_AGENT_PRIORITY`, `DYN_AGENT_STRICT_PRIORITY`, `DYN_AGENT_OSL`, `DYN_AGENT_SPECULATIVE_PREFILL`
   */
  readonly hints?: DynamoHints | undefined
  /** What Dynamo is asked to tell of each answer (`nvext.extra_fields`). @defaultValue `['worker_id', 'timing']` */
  readonly extraFields?: readonly string[] | undefined
}
