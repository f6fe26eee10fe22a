// SPDX-License-Identifier: Apache-2.0
import { postText, requireBaseUrl, type FrontendOptions } from './get-text.ts'
import { statusError } from './status-error.ts'

export interface AnnounceSessionEndOptions extends FrontendOptions {
  /** The model of the session's turns: its workers hold what is to be let go. */
  readonly model: string
  /** What `dialect.identifyEnd(context, requestId)` gives. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Tells a frontend that a session is over. Dynamo has no endpoint for it: the
 * news travels with a request, and not with one whose answer is wanted, so
 * this asks for one token. Dynamo's own documentation advises the same.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION`, `DYN_HTTP_UNREACHABLE` or
 * `DYN_HTTP_STATUS`. When the caller aborts, the signal's own reason.
 */
export async function announceSessionEnd(options: AnnounceSessionEndOptions): Promise<void> {
  const { model, headers } = options
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: '.' }], max_tokens: 1, stream: false })
  const answer = await postText(`${requireBaseUrl(options)}/chat/completions`, { body, headers }, options)
  if (!answer.ok) throw statusError(answer)
}
