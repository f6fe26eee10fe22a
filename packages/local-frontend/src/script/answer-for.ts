// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson } from '@dynamo-agent/core'
import type { ChatRequest } from '../chat/chat-request.ts'
import { renderAnswer, renderPrompt, type GeneratedAnswer } from '../chat/render-prompt.ts'
import { countTokens, truncateToTokens } from '../engine/tokenizer.ts'
import { createCallId } from './call-id.ts'
import { findPosition, type Position } from './position.ts'
import type { Answer, Script, Turn } from './script.ts'

/**
 * What the script answers to a request. The same request always gets the same
 * answer, byte for byte, tool call ids included. Where the script has nothing
 * to say, the answer says so in words.
 */
export function answerFor(script: Script, request: ChatRequest): Answer {
  const position = findPosition(script, request)
  if (position === undefined) return explain('No conversation of the script matches this request.', request)
  const { conversation, turn } = position
  const scripted = conversation.turns[turn]
  if (scripted !== undefined) return play(scripted, position, request)
  const count = conversation.turns.length
  const extent = `${conversation.name}: ${count} ${count === 1 ? 'turn' : 'turns'}`
  return explain(`The script has no further turn for this conversation (${extent}).`, request)
}

function explain(text: string, request: ChatRequest): Answer {
  return finishAnswer({ text, reasoning: '', toolCalls: [] }, { request })
}

function play(turn: Turn, position: Position, request: ChatRequest): Answer {
  const origin = { conversation: position.conversation.name, turn: position.turn }
  const history = turn.toolCalls.length === 0 ? '' : renderPrompt(request)
  const toolCalls = turn.toolCalls.map((call, index) => ({
    id: createCallId(origin, `${index} ${history}`),
    name: call.name,
    arguments: stringifyExactJson(call.arguments),
  }))
  const { text, reasoning, outputTokens } = turn
  return finishAnswer({ text, reasoning, toolCalls }, { request, outputTokens })
}

interface AnswerContent extends GeneratedAnswer {
  readonly toolCalls: Answer['toolCalls']
}

function finishAnswer(
  content: AnswerContent,
  { request, outputTokens }: { readonly request: ChatRequest; readonly outputTokens?: number | undefined },
): Answer {
  const contentTokens = countTokens(renderAnswer(content))
  const wanted = outputTokens ?? Math.max(1, contentTokens)
  const { maxTokens = wanted } = request
  if (wanted <= maxTokens) {
    return { ...content, outputTokens: wanted, finishReason: content.toolCalls.length === 0 ? 'stop' : 'tool_calls' }
  }
  // A turn may be declared longer or shorter than its content is; then the content is cut in proportion.
  const kept = Math.floor((contentTokens * maxTokens) / wanted)
  return { ...truncate(content, kept), outputTokens: maxTokens, finishReason: 'length' }
}

/** Cuts in the order of generation: reasoning, text, tool calls. A tool call that is not whole does not exist. */
function truncate(content: AnswerContent, tokens: number): AnswerContent {
  const reasoning = truncateToTokens(content.reasoning, tokens)
  let left = tokens - countTokens(reasoning)
  const text = truncateToTokens(content.text, left)
  left -= countTokens(text)
  const toolCalls = content.toolCalls.filter((call) => {
    left -= countTokens(renderAnswer({ text: '', reasoning: '', toolCalls: [call] }))
    return left >= 0
  })
  return { text, reasoning, toolCalls }
}
