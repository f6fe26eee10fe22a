// SPDX-License-Identifier: Apache-2.0
import type { ChatMessage, ChatRequest } from './chat-request.ts'

/** What a model generated, as far as it stands in text. */
export interface GeneratedAnswer {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[]
}

/**
 * The prompt that a model would see. Like the chat templates of real models
 * it only ever grows at its end: the prompt of the next turn starts with this
 * prompt and the rendered answer, so that a prefix cache finds it. Tool call
 * ids are left out, as most templates do.
 *
 * The markers are single tokens (see tokenizer.ts), so prompt and answer never
 * share a token.
 */
export function renderPrompt(request: ChatRequest): string {
  const { messages, toolsText } = request
  const firstTurn = messages.findIndex((message) => message.role !== 'system' && message.role !== 'developer')
  const turns = firstTurn === -1 ? messages.length : firstTurn
  const tools = toolsText === '' ? '' : `<|tools|>${toolsText}<|end|>`
  return [
    ...messages.slice(0, turns).map(renderMessage),
    tools,
    ...messages.slice(turns).map(renderMessage),
    '<|assistant|>',
  ].join('')
}

/**
 * What the model generated for an answer. In later prompts the answer stands
 * without its reasoning, as most templates drop it: a turn that reasoned finds
 * less of itself in the cache.
 */
export function renderAnswer(answer: GeneratedAnswer): string {
  const reasoning = answer.reasoning === '' ? '' : `<|think|>${answer.reasoning}<|/think|>`
  return reasoning + answer.text + answer.toolCalls.map((call) => `<|call|>${call.name} ${call.arguments}`).join('')
}

function renderMessage(message: ChatMessage): string {
  return `<|${message.role}|>${renderAnswer({ ...message, reasoning: '' })}<|end|>`
}
