// SPDX-License-Identifier: Apache-2.0
import { compact } from '../../compact.ts'
import type { Progress } from '../../scripted/generate.ts'
import type { Delta } from '../../scripted/pace-answer.ts'
import type { Answer } from '../../script/script.ts'
import type { AnswerForm, AnswerHead, StreamForm } from '../answer-form.ts'
import { finalNvext, placementNvext } from '../answer-nvext.ts'
import { choicesOf, countChoices } from '../choices.ts'
import { streamUsageOf } from '../stream-usage.ts'

/**
 * Chat completions, key for key as 1.2.1 and 1.6.1 answer. 1.2 spells out what
 * it does not have as null and repeats the role in every delta; later releases
 * leave both out.
 */
export function createChatForm(head: AnswerHead): AnswerForm {
  return {
    document([completed]) {
      return envelope(head, 'chat.completion', {
        choices: choiceBodies(head, completed.answer),
        usage: usageBody(head, completed),
        nvext: finalNvext(head, completed),
      })
    },
    stream: () => createStreamForm(head),
  }
}

function createStreamForm(head: AnswerHead): StreamForm {
  const { body, generation } = head
  const choices = choicesOf(body)
  const { usage, continuousUsage } = streamUsageOf(body)
  let first = true
  const chunk = (choice: object, progress: Progress, nvext: object | undefined) => ({
    data: envelope(head, 'chat.completion.chunk', {
      choices: [{ ...choice, logprobs: null }],
      usage: continuousUsage ? usageBody(head, progress) : generation === '1.2' ? null : undefined,
      nvext,
    }),
  })
  return {
    begin: () => [],
    delta(delta, { progress }) {
      const role = first || generation === '1.2' ? 'assistant' : undefined
      first = false
      return choices.map((index) =>
        chunk(
          { index, delta: deltaBody(delta, role), finish_reason: null },
          progress,
          placementNvext(head, progress.request),
        ),
      )
    },
    end(completed) {
      const delta = generation === '1.2' ? { role: 'assistant' } : {}
      const { finishReason } = completed.answer
      return choices.map((index) =>
        chunk({ index, delta, finish_reason: finishReason }, completed, finalNvext(head, completed)),
      )
    },
    close([completed]) {
      if (!usage) return []
      const contents = { choices: [], usage: usageBody(head, completed), nvext: undefined }
      return [{ data: envelope(head, 'chat.completion.chunk', contents) }]
    },
  }
}

interface Contents {
  readonly choices: readonly object[]
  readonly usage: object | null | undefined
  readonly nvext: object | undefined
}

function envelope(head: AnswerHead, object: string, { choices, usage, nvext }: Contents): object {
  return compact({
    id: `chatcmpl-${head.requestId}`,
    choices,
    created: Math.floor(head.receivedMs / 1000),
    model: head.body.model,
    ...(head.generation === '1.2' && { service_tier: null, system_fingerprint: null }),
    object,
    usage,
    nvext,
  })
}

function choiceBodies({ generation, body }: AnswerHead, answer: Answer): object[] {
  const toolCalls = answer.toolCalls.map((call) => ({ id: call.id, type: 'function', function: functionBody(call) }))
  const reasoning = answer.reasoning === '' ? undefined : answer.reasoning
  const message = compact({
    content: answer.text === '' && toolCalls.length > 0 ? null : answer.text,
    ...(generation === '1.3+' && { refusal: null }),
    tool_calls: toolCalls.length > 0 ? toolCalls : undefined,
    role: 'assistant',
    reasoning_content: generation === '1.2' ? (reasoning ?? null) : reasoning,
  })
  return choicesOf(body).map((index) => ({ index, message, finish_reason: answer.finishReason, logprobs: null }))
}

function deltaBody(delta: Delta, role: 'assistant' | undefined): object {
  switch (delta.kind) {
    case 'text':
      return compact({ content: delta.text, role })
    case 'reasoning':
      return compact({ role, reasoning_content: delta.text })
    case 'tool-call': {
      const { index, call } = delta
      return compact({
        content: '',
        tool_calls: [{ index, id: call.id, type: 'function', function: functionBody(call) }],
        role,
      })
    }
  }
}

function functionBody(call: Answer['toolCalls'][number]): object {
  return { name: call.name, arguments: call.arguments }
}

/** Of an answer, or of as much of it as there is. */
function usageBody({ generation, body }: AnswerHead, { request, ...tokens }: Progress): object {
  const choices = countChoices(body)
  const promptTokens = request.inputTokens
  const completionTokens = tokens.outputTokens * choices
  const reasoningTokens = tokens.reasoningTokens * choices
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(generation === '1.3+' && {
      prompt_tokens_details: { cached_tokens: request.cachedTokens },
      ...(reasoningTokens > 0 && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
    }),
  }
}
