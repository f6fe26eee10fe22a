// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, dialects, type Dialect } from '@dynamo-agent/core'
import type { BodyOf, ModelPath } from '../differences/cases.ts'
import type { HttpRequest } from '../http.ts'
import type { Target } from '../targets/target.ts'
import type { Fields } from '../trace.ts'

/** The shortest request of each path that gets an answer of two tokens. */
const plainBodies: Readonly<Record<ModelPath | '/v1/messages', Fields>> = {
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'x' }], max_tokens: 2 },
  '/v1/completions': { prompt: 'x', max_tokens: 2 },
  '/v1/responses': { input: 'x', max_output_tokens: 2 },
  '/v1/messages': { messages: [{ role: 'user', content: 'x' }], max_tokens: 2 },
}

export function asksModel(path: string): path is keyof typeof plainBodies {
  return Object.hasOwn(plainBodies, path)
}

/** The dialect of the release that a target is held to. */
export function dialectOf({ release }: Pick<Target, 'release'>): Dialect {
  return dialects[release === '1.2.1' ? 'agent-context-body' : 'session-headers']
}

export interface RequestOptions {
  /** @defaultValue `/v1/chat/completions` */
  readonly path?: string | undefined
  /** @defaultValue POST where a model is asked or there is a body, GET elsewhere */
  readonly method?: string | undefined
  /** Merged into a plain body, or sent as it is. */
  readonly body?: BodyOf | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Name a caller: the trajectory's id, in the way of this generation. */
  readonly caller?: string | undefined
}

/** A short request with changes. */
export function requestTo(target: Target, options: RequestOptions = {}): HttpRequest {
  const { path = '/v1/chat/completions', body, caller } = options
  const identity =
    caller === undefined ? undefined : dialectOf(target).identify(createAgentContext({ sessionId: caller }), {}, caller)
  const { method = asksModel(path) || body !== undefined ? 'POST' : 'GET' } = options
  const whole = () => {
    const plain = asksModel(path) ? plainBodies[path] : {}
    return withNvext({ model: target.model, ...plain, ...(body as Fields | undefined) }, identity?.nvext)
  }
  return {
    url: new URL(path, target.baseUrl).href,
    method,
    headers: { 'content-type': 'application/json', ...identity?.headers, ...options.headers },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(whole()) }),
  }
}

function withNvext(body: Fields, nvext: object | undefined): Fields {
  return nvext === undefined ? body : { ...body, nvext: { ...(body.nvext as Fields | undefined), ...nvext } }
}
