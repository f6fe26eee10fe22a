// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'
import type { GenerationTraits } from '../generation.ts'
import { errorReply, textReply, type Reply } from './reply.ts'

/** Whether a body is declared as JSON, without which Dynamo does not look at it. */
export function saysJson(request: IncomingMessage): boolean {
  return /^application\/(?:[^;]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type']?.trim() ?? '')
}

export function wrongTypeReply({ jsonRejections }: GenerationTraits): Reply {
  return jsonRejections
    ? errorReply(415, 'Expected request with Content-Type application/json')
    : textReply(415, 'Expected request with `Content-Type: application/json`')
}
