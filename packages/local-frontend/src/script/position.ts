// SPDX-License-Identifier: Apache-2.0
import type { ChatRequest } from '../chat/chat-request.ts'
import { readCallOrigin, type CallOrigin } from './call-id.ts'
import type { Conversation, Script } from './script.ts'

/** Which answer a request is due. */
export interface Position {
  readonly conversation: Conversation
  /** Counted from 0; the number of turns or more when the conversation is over. */
  readonly turn: number
}

/**
 * Finds a request's place in the script from its messages alone.
 *
 * The latest tool call that this script asked for says how far its
 * conversation is; each assistant message after it is one turn more. Before
 * the first tool call all assistant messages count. So nothing depends on
 * earlier requests: a retry lands on the same turn, further user messages do
 * not matter, and neither does a compaction that keeps the latest tool call.
 *
 * A conversation goes on for as long as its system condition holds, even when
 * a compaction has taken its first user message. A child agent that inherits
 * its parent's messages under another system prompt starts its own
 * conversation: what it inherited does not count.
 */
export function findPosition(script: Script, request: ChatRequest): Position | undefined {
  const progress = readProgress(script, request)
  const begun = script.conversations.find(({ name }) => name === progress.origin?.conversation)
  if (begun !== undefined && progress.origin !== undefined && holdsSystem(begun, request)) {
    return { conversation: begun, turn: progress.origin.turn + 1 + progress.messagesSince }
  }
  const conversation = script.conversations.find(
    (candidate) => holdsSystem(candidate, request) && holdsUser(candidate, request),
  )
  return conversation && { conversation, turn: progress.messagesSince }
}

interface Progress {
  /** The latest tool call of this script. */
  readonly origin: CallOrigin | undefined
  /** Assistant messages after it, or all of them. */
  readonly messagesSince: number
}

function readProgress(script: Script, request: ChatRequest): Progress {
  const names = script.conversations.map(({ name }) => name)
  let messagesSince = 0
  for (const message of request.messages.toReversed()) {
    if (message.role !== 'assistant') continue
    for (const call of message.toolCalls) {
      const origin = readCallOrigin(call.id, names)
      if (origin !== undefined) return { origin, messagesSince }
    }
    messagesSince++
  }
  return { origin: undefined, messagesSince }
}

function holdsSystem({ when }: Conversation, request: ChatRequest): boolean {
  const wanted = when.system
  if (wanted === undefined) return true
  return request.messages.some(({ role, text }) => (role === 'system' || role === 'developer') && text.includes(wanted))
}

function holdsUser({ when }: Conversation, request: ChatRequest): boolean {
  if (when.user === undefined) return true
  const first = request.messages.find(({ role }) => role === 'user')
  return first?.text.includes(when.user) === true
}
