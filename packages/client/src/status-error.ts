// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { TextAnswer } from './get-text.ts'
import { fieldsOf, parseLoosely, readText } from './loose-json.ts'

const MAX_MESSAGE_LENGTH = 300

/** The `DYN_HTTP_STATUS` error for an answer that refuses, in the server's own words. */
export function statusError({ url, status, text }: TextAnswer): DynamoAgentError {
  const said = messageOf(text)
  return new DynamoAgentError({
    code: 'DYN_HTTP_STATUS',
    message: `${url} answered ${status}${said === '' ? '' : `: ${said}`}`,
    advice: adviceFor(status),
  })
}

/**
 * Dynamo answers `{"message","type","code"}` at the top level, OpenAI and most
 * servers `{"error":{"message"}}`, and some paths of Dynamo plain text or
 * nothing (measured on 1.2.1 to 1.6.1).
 */
function messageOf(text: string): string {
  if (isWebPage(text)) return 'a web page'
  const { message: flat, error } = fieldsOf(parseLoosely(text))
  const message = readText(flat) ?? readText(fieldsOf(error).message) ?? readText(error) ?? text
  return message.trim().replace(/\s+/g, ' ').slice(0, MAX_MESSAGE_LENGTH)
}

/** Proxies, gateways and sign-in pages speak HTML where an API would speak JSON. */
export function isWebPage(text: string): boolean {
  return /^\s*<(!doctype html|html|head|body|!--)/i.test(text)
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return 'Set DYNAMO_API_KEY to a key that the server accepts.'
  if (status === 404) return "Set DYNAMO_BASE_URL to the server's OpenAI-compatible root, which usually ends in /v1."
  if (status >= 500) return "Look into the frontend's own log; the fault is on its side."
  return 'Check that DYNAMO_BASE_URL points to an OpenAI-compatible server.'
}
