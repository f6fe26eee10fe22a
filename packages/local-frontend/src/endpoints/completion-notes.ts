// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, isJsonBody, itemsOf, type JsonBody } from '../request/json-body.ts'
import type { Finish } from '../trace/request-row.ts'
import { asCount, type AnswerNotes } from './answer-notes.ts'

/** Of both kinds of completion, whose answers and events are lists of choices. */
export function createCompletionNotes(now: () => number): AnswerNotes {
  let model: string | undefined
  let firstContentMs: number | undefined
  let usage: JsonBody = {}
  const finishReasons = new Map<number, string>()
  const toolCalls = new Map<string, { choiceIndex: number; toolCallIndex: number; id?: string; name?: string }>()

  function addChoice(choice: JsonBody, content: JsonBody): void {
    const choiceIndex = asCount(choice.index) ?? 0
    if (typeof choice.finish_reason === 'string') finishReasons.set(choiceIndex, choice.finish_reason)
    for (const [position, call] of itemsOf(content, 'tool_calls').filter(isJsonBody).entries()) {
      const toolCallIndex = asCount(call.index) ?? position
      const key = `${choiceIndex} ${toolCallIndex}`
      const { name } = fieldsOf(call, 'function')
      toolCalls.set(key, {
        choiceIndex,
        toolCallIndex,
        ...toolCalls.get(key),
        ...(typeof call.id === 'string' && call.id !== '' && { id: call.id }),
        ...(typeof name === 'string' && name !== '' && { name }),
      })
    }
  }

  function addShared(body: JsonBody): void {
    if (typeof body.model === 'string' && body.model !== '') model = body.model
    if (isJsonBody(body.usage)) usage = body.usage
  }

  return {
    addEvent(data) {
      addShared(data)
      for (const choice of itemsOf(data, 'choices').filter(isJsonBody)) {
        const delta = fieldsOf(choice, 'delta')
        if (carriesContent(delta) || carriesText(choice)) firstContentMs ??= now()
        addChoice(choice, delta)
      }
    },
    addDocument(body) {
      addShared(body)
      for (const choice of itemsOf(body, 'choices').filter(isJsonBody)) addChoice(choice, fieldsOf(choice, 'message'))
    },
    observation() {
      const inputTokens = asCount(usage.prompt_tokens)
      const outputTokens = asCount(usage.completion_tokens)
      const cachedTokens = asCount(fieldsOf(usage, 'prompt_tokens_details').cached_tokens)
      const finish = { toolCalls: [...toolCalls.values()], choices: choicesOf(finishReasons) }
      const finishReason = finishReasons.get(0)
      return {
        ...(model !== undefined && { model }),
        ...(firstContentMs !== undefined && { firstContentMs }),
        ...(inputTokens !== undefined && { inputTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
        ...(cachedTokens !== undefined && { cachedTokens }),
        ...(finishReason !== undefined && { finish: { finishReason, ...finish } }),
      }
    },
  }
}

function choicesOf(finishReasons: ReadonlyMap<number, string>): Finish['choices'] {
  return [...finishReasons].map(([choiceIndex, finishReason]) => ({ choiceIndex, finishReason }))
}

/** The first event of many servers names the role and nothing else. */
function carriesContent(delta: JsonBody): boolean {
  const { content, reasoning_content: reasoningContent, reasoning } = delta
  return [content, reasoningContent, reasoning].some(Boolean) || itemsOf(delta, 'tool_calls').length > 0
}

function carriesText({ text }: JsonBody): boolean {
  return typeof text === 'string' && text !== ''
}
