// SPDX-License-Identifier: Apache-2.0
import { STATUS_CODES, type ServerResponse } from 'node:http'
import { stringifyExactJson } from '@dynamo-agent/core'

/** An answer that is complete before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: stringifyExactJson(value) }
}

/** An error as Dynamo words it: flat, never OpenAI's `{"error": …}` (measured on 1.2.1 to 1.6.1). */
export function errorReply(status: number, message: string): Reply {
  return jsonReply(status, { message, type: STATUS_CODES[status] ?? 'Error', code: status })
}

export function textReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** The connection is given up: what is left of the body may be without end. */
export function tooLargeReply(maxBytes: number): Reply {
  const reply = errorReply(413, `The request body is larger than ${maxBytes} bytes.`)
  return { ...reply, headers: { ...reply.headers, connection: 'close' } }
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}
