// SPDX-License-Identifier: Apache-2.0
import { sendAnswer, startProxy, type HttpProxy } from '@dynamo-agent/proxy'
import type { IncomingHttpHeaders } from 'node:http'

/** A completion as it was asked for. */
export interface RecordedCall {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
  readonly status: number
}

/** Stands before the frontend and keeps every completion: a frontend records no content. */
export interface RecordingProxy extends HttpProxy {
  readonly calls: readonly RecordedCall[]
  /** Gives the next completions this answer, unavailability unless told, instead of asking the frontend. */
  intercept(completions: number, answer?: CannedAnswer): void
}

export interface CannedAnswer {
  readonly status: number
  readonly body: string
  readonly contentType?: string
}

const unavailable: CannedAnswer = {
  status: 503,
  body: '{"message":"Service Unavailable","type":"Service Unavailable","code":503}',
}

export async function startRecordingProxy(frontendBaseUrl: string): Promise<RecordingProxy> {
  const calls: RecordedCall[] = []
  let intercepted = 0
  let canned = unavailable
  const proxy = await startProxy(frontendBaseUrl, async (request, response) => {
    const { path, headers, text } = request
    const isCall = text !== '' && !isProbe(text)
    const { status, body, contentType = 'application/json' } = canned
    const answer =
      isCall && intercepted-- > 0
        ? new Response(body, { status, headers: { 'content-type': contentType } })
        : await request.forward()
    if (isCall) calls.push({ path, headers, body: JSON.parse(text) as RecordedCall['body'], status: answer.status })
    // The SDK would wait two seconds before it tries again.
    response.setHeader('retry-after-ms', '1')
    await sendAnswer(answer, response)
  })
  return {
    ...proxy,
    calls,
    intercept(completions, answer = unavailable) {
      intercepted = completions
      canned = answer
    },
  }
}

/** How the dialect of a frontend is found out where its `/openapi.json` says nothing. */
function isProbe(text: string): boolean {
  return text.includes('dynamo-agent-probe')
}
