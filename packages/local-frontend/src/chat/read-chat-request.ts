// SPDX-License-Identifier: Apache-2.0
import type { ChatMessage, ChatRequest } from './chat-request.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Takes from the body of an OpenAI chat completion what decides its answer.
 * The body has been validated before; whatever is not of the expected form
 * counts as absent, and nothing throws. Parts that are not text are left out,
 * and so is the function_call of old clients.
 */
export function readChatRequest(body: unknown): ChatRequest {
  const fields = asFields(body)
  const maxTokens = asCount(fields.max_completion_tokens) ?? asCount(fields.max_tokens)
  return {
    model: asText(fields.model),
    messages: asList(fields.messages).map(readMessage),
    toolsText: asList(fields.tools).length === 0 ? '' : JSON.stringify(fields.tools),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }
}

function readMessage(value: unknown): ChatMessage {
  const message = asFields(value)
  return {
    role: asText(message.role),
    text: readContent(message.content),
    toolCalls: asList(message.tool_calls).map(readToolCall),
    ...(typeof message.tool_call_id === 'string' ? { toolCallId: message.tool_call_id } : {}),
  }
}

function readContent(content: unknown): string {
  if (!Array.isArray(content)) return asText(content)
  return content
    .map(asFields)
    .filter((part) => part.type === 'text' && typeof part.text === 'string')
    .map((part) => part.text)
    .join('\n')
}

function readToolCall(value: unknown): ChatMessage['toolCalls'][number] {
  const call = asFields(value)
  const target = asFields(call.function)
  return { id: asText(call.id), name: asText(target.name), arguments: asText(target.arguments) }
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}
