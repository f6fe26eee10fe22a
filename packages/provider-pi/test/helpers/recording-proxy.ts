// SPDX-License-Identifier: Apache-2.0
import { sendAnswer, startProxy, type HttpProxy } from '@dynamo-agent/proxy'
import type { IncomingHttpHeaders } from 'node:http'

export interface RecordedCall {
  readonly headers: IncomingHttpHeaders
  readonly body: {
    readonly messages: readonly { readonly role: string; readonly content: unknown }[]
    readonly tools?: readonly { readonly function: { readonly name: string } }[]
    readonly [key: string]: unknown
  }
  readonly status: number
  /** Epoch milliseconds when the answer had been sent. */
  readonly answeredMs: number
}

/** Stands between Pi and the frontend and keeps every chat completion, since a frontend records no content. */
export interface RecordingProxy extends HttpProxy {
  readonly calls: readonly RecordedCall[]
  /** Answers the next completions with 503 instead of asking the frontend. */
  fail(completions: number): void
}

const unavailable = '{"message":"Service Unavailable","type":"Service Unavailable","code":503}'

export async function startRecordingProxy(frontendBaseUrl: string): Promise<RecordingProxy> {
  const calls: RecordedCall[] = []
  let failures = 0
  const proxy = await startProxy(frontendBaseUrl, async (request, response) => {
    const { headers, text } = request
    const fails = text !== '' && failures-- > 0
    const answer = fails ? new Response(unavailable, { status: 503 }) : await request.forward()
    await sendAnswer(answer, response)
    if (text === '') return
    const body = JSON.parse(text) as RecordedCall['body']
    calls.push({ headers, body, status: answer.status, answeredMs: Date.now() })
  })
  return {
    ...proxy,
    calls,
    fail(completions) {
      failures = completions
    },
  }
}
