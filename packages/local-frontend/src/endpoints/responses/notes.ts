// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, isJsonBody, itemsOf, type JsonBody } from '../../request/json-body.ts'
import type { Finish } from '../../trace/request-row.ts'
import { asCount, type AnswerNotes } from '../answer-notes.ts'

/** Of responses. What is worth knowing stands in the last event, but for the time of the first content. */
export function createResponseNotes(now: () => number): AnswerNotes {
  let firstContentMs: number | undefined
  let response: JsonBody = {}

  return {
    addDocument(body) {
      response = body
    },
    addEvent(data) {
      if (typeof data.type === 'string' && data.type.endsWith('.delta')) firstContentMs ??= now()
      if (isJsonBody(data.response)) response = data.response
    },
    observation() {
      const { model } = response
      const usage = fieldsOf(response, 'usage')
      const inputTokens = asCount(usage.input_tokens)
      const outputTokens = asCount(usage.output_tokens)
      const cachedTokens = asCount(fieldsOf(usage, 'input_tokens_details').cached_tokens)
      const finish = finishOf(response)
      return {
        ...(typeof model === 'string' && { model }),
        ...(firstContentMs !== undefined && { firstContentMs }),
        ...(inputTokens !== undefined && { inputTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
        ...(cachedTokens !== undefined && { cachedTokens }),
        ...(finish && { finish }),
      }
    },
  }
}

/** As rows of Dynamo word it, which has made a chat completion of the request. */
function finishOf(response: JsonBody): Finish | undefined {
  const calls = itemsOf(response, 'output')
    .filter(isJsonBody)
    .filter(({ type }) => type === 'function_call')
  const finishReason = reasonOf(response, calls.length > 0)
  if (finishReason === undefined) return undefined
  const toolCalls = calls.map(({ call_id: id, name }, toolCallIndex) => ({
    choiceIndex: 0,
    toolCallIndex,
    ...(typeof id === 'string' && { id }),
    ...(typeof name === 'string' && { name }),
  }))
  return { finishReason, toolCalls, choices: [{ choiceIndex: 0, finishReason }] }
}

function reasonOf(response: JsonBody, hasCalls: boolean): string | undefined {
  switch (response.status) {
    case 'completed':
      return hasCalls ? 'tool_calls' : 'stop'
    case 'incomplete':
      return fieldsOf(response, 'incomplete_details').reason === 'content_filter' ? 'content_filter' : 'length'
    default:
      return undefined
  }
}
