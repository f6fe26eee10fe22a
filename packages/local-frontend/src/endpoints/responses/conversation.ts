// SPDX-License-Identifier: Apache-2.0
import type { ChatMessage, ChatRequest } from '../../chat/chat-request.ts'
import { asItems, isJsonBody, itemsOf, type JsonBody } from '../../request/json-body.ts'
import { isInputMessage } from './input-types.ts'

/** What a script and an engine look at in a request, made of its items as Dynamo makes a chat completion of them. */
export function readResponseRequest(body: JsonBody): ChatRequest {
  const { max_output_tokens: maxTokens } = body
  const tools = itemsOf(body, 'tools')
  return {
    model: String(body.model),
    messages: conversationOf(body),
    toolsText: tools.length === 0 ? '' : JSON.stringify(tools),
    ...(typeof maxTokens === 'number' && { maxTokens }),
  }
}

/**
 * The messages of a request. An answer comes back as several items: reasoning,
 * a message and tool calls in any order. They are one message of the assistant
 * again, without the reasoning (measured on 1.6.1). References and what
 * built-in tools left behind are left out.
 */
export function conversationOf({ instructions, input }: JsonBody): readonly ChatMessage[] {
  const messages: ChatMessage[] = typeof instructions === 'string' ? [textMessage('system', instructions)] : []
  if (typeof input === 'string') return [...messages, textMessage('user', input)]
  for (const item of asItems(input).filter(isJsonBody)) {
    const message = readItem(item)
    const last = messages.at(-1)
    if (message === undefined) continue
    if (message.role === 'assistant' && last?.role === 'assistant') messages.splice(-1, 1, joined(last, message))
    else messages.push(message)
  }
  return messages
}

function readItem(item: JsonBody): ChatMessage | undefined {
  switch (item.type) {
    case undefined:
      return isInputMessage(item, true) ? textMessage(String(item.role), textOf(item.content)) : undefined
    case 'message':
      return textMessage(String(item.role), textOf(item.content))
    case 'function_call': {
      const call = { id: String(item.call_id), name: String(item.name), arguments: String(item.arguments) }
      return { role: 'assistant', text: '', toolCalls: [call] }
    }
    case 'reasoning':
      return textMessage('assistant', '')
    case 'function_call_output':
      return { ...textMessage('tool', textOf(item.output)), toolCallId: String(item.call_id) }
    default:
      return undefined
  }
}

function joined(first: ChatMessage, second: ChatMessage): ChatMessage {
  return {
    role: 'assistant',
    text: [first.text, second.text].filter((text) => text !== '').join('\n'),
    toolCalls: [...first.toolCalls, ...second.toolCalls],
  }
}

function textMessage(role: string, text: string): ChatMessage {
  return { role, text, toolCalls: [] }
}

/** Text alone or in parts; what is not text is left out. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : ''
  const texts = content.filter(isJsonBody).map(({ text }) => text)
  return texts.filter((text) => typeof text === 'string').join('\n')
}
