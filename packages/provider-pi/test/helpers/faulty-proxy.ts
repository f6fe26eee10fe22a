// SPDX-License-Identifier: Apache-2.0
import { sendAnswer, startProxy, type HttpProxy } from '@dynamo-agent/proxy'
import { setTimeout as delay } from 'node:timers/promises'

/** What a frontend does wrong. */
export interface Fault {
  /** Milliseconds before every answer. */
  readonly delayMs?: number
  /** The status of what is no success. */
  readonly status?: number
  /** Which paths that holds for. @defaultValue completions */
  readonly paths?: RegExp
  /** Streams end in their middle, with the connection. */
  readonly cut?: boolean
  /** No model is listed. */
  readonly noModels?: boolean
}

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  404: 'Model not found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/** Stands before a frontend that is in order, and makes it look as if it were not. */
export function startFaultyProxy(frontendBaseUrl: string, fault: Fault): Promise<HttpProxy> {
  const { delayMs = 0, status, paths = /\/chat\/completions$/, cut = false, noModels = false } = fault
  return startProxy(frontendBaseUrl, async (request, response) => {
    const { path } = request
    await delay(delayMs)
    if (status !== undefined && paths.test(path)) {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: reasons[status], type: reasons[status], code: status }))
    } else if (noModels && path.endsWith('/models')) {
      response.end('{"object":"list","data":[]}')
    } else if (cut && path.endsWith('/completions')) {
      const answer = await request.forward()
      const text = Buffer.from(await answer.arrayBuffer())
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      response.write(text.subarray(0, text.length / 2), () => response.destroy())
    } else {
      await sendAnswer(await request.forward(), response)
    }
  })
}
