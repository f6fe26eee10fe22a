// SPDX-License-Identifier: Apache-2.0
import type { Answer, Question, QuestionFetch } from '@dynamo-agent/client'
import type { Environment } from '@dynamo-agent/core'
import { request } from 'node:http'

/**
 * A fetch for the few short questions that are asked of a frontend beside the
 * LLM calls.
 *
 * The global one parses answers in WebAssembly, which V8 compiles anew in the
 * background once a second answer makes it hot; a `pi -p` that ends meanwhile
 * waits for the compiler (60 ms on Node 24). The parser of node:http is part of
 * Node. What node:http does not do by itself goes the ordinary way: TLS,
 * proxies and redirects.
 *
 * @param environment Where a proxy would be named.
 */
export function createDirectFetch(environment: Environment): QuestionFetch {
  const usesProxy = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => environment[name])
  return async (url, question) => {
    if (usesProxy || !url.startsWith('http:')) return fetch(url, question)
    const answer = await ask(url, question)
    return isElsewhere(answer) ? fetch(url, question) : answer
  }
}

/** Without a `Response` and its streams, which take longer to come to life than all the rest. */
function ask(url: string, { method = 'GET', headers, body, signal }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent: false, signal }, (body) => {
      const { statusCode: status = 0 } = body
      const answer = { ok: status >= 200 && status < 300, status, body }
      if (isElsewhere(answer)) body.destroy()
      resolve(answer)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

function isElsewhere({ status }: Answer): boolean {
  return status >= 300 && status < 400
}
