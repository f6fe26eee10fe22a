// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, dialects, type Dialect } from '@dynamo-agent/core'
import type { BodyOf } from '../differences/cases.ts'
import type { HttpRequest } from '../http.ts'
import type { Target } from '../targets/target.ts'

export const CHAT_PATH = '/v1/chat/completions'

/** The dialect of the release that a target is held to. */
export function dialectOf({ release }: Pick<Target, 'release'>): Dialect {
  return dialects[release === '1.2.1' ? 'agent-context-body' : 'session-headers']
}

export interface ChatOptions {
  readonly path?: string | undefined
  readonly method?: string | undefined
  /** Merged into a plain chat completion, or sent as it is. */
  readonly body?: BodyOf | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Name a caller: the trajectory's id, in the way of this generation. */
  readonly caller?: string | undefined
}

/** A short chat completion with changes, or a request to another route. */
export function chatRequest(target: Target, options: ChatOptions = {}): HttpRequest {
  const { path = CHAT_PATH, body, caller } = options
  const identity =
    caller === undefined ? undefined : dialectOf(target).identify(createAgentContext({ sessionId: caller }), {}, caller)
  const { method = path === CHAT_PATH || body !== undefined ? 'POST' : 'GET' } = options
  return {
    url: new URL(path, target.baseUrl).href,
    method,
    headers: { 'content-type': 'application/json', ...identity?.headers, ...options.headers },
    ...(method === 'POST' && {
      body: typeof body === 'string' ? body : JSON.stringify(chatBody(target, body, identity?.nvext)),
    }),
  }
}

function chatBody(target: Target, body: Readonly<Record<string, unknown>> = {}, nvext?: object): object {
  const merged = {
    model: target.model,
    messages: [{ role: 'user', content: 'x' }],
    max_tokens: 2,
    ...body,
  }
  return nvext === undefined ? merged : { ...merged, nvext: { ...(merged as { nvext?: object }).nvext, ...nvext } }
}
