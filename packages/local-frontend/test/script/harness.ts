// SPDX-License-Identifier: Apache-2.0
import type { ChatMessage, ChatRequest } from '../../src/chat/chat-request.ts'
import { answerFor } from '../../src/script/answer-for.ts'
import { parseScript } from '../../src/script/parse-script.ts'
import type { Answer, Script } from '../../src/script/script.ts'

export const say = (role: string, text: string): ChatMessage => ({ role, text, toolCalls: [] })

export function scriptOf(content: unknown): Script {
  return parseScript(JSON.stringify(content), 'test.json')
}

export function requestOf(messages: readonly ChatMessage[], maxTokens?: number): ChatRequest {
  return { model: 'scripted', messages, toolsText: '', ...(maxTokens === undefined ? {} : { maxTokens }) }
}

/** What a harness adds to its messages for an answer: the answer itself, and a result for each tool call. */
export function remember(answer: Answer): ChatMessage[] {
  const results = answer.toolCalls.map((call) => ({ ...say('tool', `result of ${call.name}`), toolCallId: call.id }))
  return [{ role: 'assistant', text: answer.text, toolCalls: answer.toolCalls }, ...results]
}

/** Plays a conversation until an answer asks for no more tools; gives its messages. */
export function playOut(script: Script, messages: readonly ChatMessage[]): ChatMessage[] {
  const played = [...messages]
  for (let turn = 0; turn < 100; turn++) {
    const answer = answerFor(script, requestOf(played))
    played.push(...remember(answer))
    if (answer.toolCalls.length === 0) return played
  }
  throw new Error('the conversation never ends')
}
