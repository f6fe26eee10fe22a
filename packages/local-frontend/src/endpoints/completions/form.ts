// SPDX-License-Identifier: Apache-2.0
import { compact } from '../../compact.ts'
import type { Progress } from '../../scripted/generate.ts'
import type { AnswerForm, AnswerHead, Completed, PromptPlace, StreamForm } from '../answer-form.ts'
import { finalNvext, placementNvext } from '../answer-nvext.ts'
import { choicesOf, countChoices } from '../choices.ts'
import { streamUsageOf } from '../stream-usage.ts'

/**
 * Completions of text, key for key as 1.2.1 and 1.6.1 answer. The prompts of a
 * batch are requests of their own: each has its id, its events and its row. Of
 * the whole batch 1.2 tells the usage prompt by prompt, and of an answer that
 * is not streamed that of the last one; later releases add it up.
 */
export function createCompletionForm(head: AnswerHead): AnswerForm {
  const { generation, body } = head
  const choices = choicesOf(body)
  return {
    document(completed) {
      const last = completed.at(-1) ?? completed[0]
      return envelope(head, generation === '1.2' ? idOf(head, completed.length - 1) : head.requestId, {
        choices: completed.flatMap(({ answer }, index) =>
          choices.map((choice) => ({
            text: answer.text,
            index: index * choices.length + choice,
            finish_reason: answer.finishReason,
          })),
        ),
        usage: usageBody(head, generation === '1.2' ? [last] : completed),
        nvext: finalNvext(head, last),
      })
    },
    stream: () => createStreamForm(head),
  }
}

function createStreamForm(head: AnswerHead): StreamForm {
  const { generation, body } = head
  const choices = choicesOf(body)
  const { usage, continuousUsage } = streamUsageOf(body)
  const chunk = ({ index, progress }: PromptPlace, { text, ...finish }: ChoiceText, nvext: object | undefined) =>
    choices.map((choice) => ({
      data: envelope(head, idOf(head, index), {
        choices: [{ text, index: index * choices.length + choice, ...finish }],
        usage: continuousUsage ? usageBody(head, [progress]) : null,
        nvext,
      }),
    }))
  const usageEvent = (id: string, completed: readonly Completed[]) => ({
    data: envelope(head, id, { choices: [], usage: usageBody(head, completed), nvext: undefined }),
  })
  return {
    begin: () => [],
    delta(delta, at) {
      const nvext = placementNvext(head, at.progress.request)
      return delta.kind === 'text' ? chunk(at, { text: delta.text }, nvext) : []
    },
    end(completed, at) {
      const { finishReason } = completed.answer
      const last = chunk(at, { text: '', finish_reason: finishReason }, finalNvext(head, completed))
      return usage && generation === '1.2' ? [...last, usageEvent(idOf(head, at.index), [completed])] : last
    },
    close: (completed) => (usage && generation !== '1.2' ? [usageEvent(head.requestId, completed)] : []),
  }
}

/** Of the prompt at `index`, which in a batch is part of the id. */
function idOf({ requestId, prompts }: AnswerHead, index: number): string {
  return prompts === 1 ? requestId : `${requestId}-${index}`
}

interface ChoiceText {
  readonly text: string
  readonly finish_reason?: string
}

interface Contents {
  readonly choices: readonly object[]
  readonly usage: object | null
  readonly nvext: object | undefined
}

function envelope(head: AnswerHead, id: string, { choices, usage, nvext }: Contents): object {
  return compact({
    id: `cmpl-${id}`,
    choices,
    created: Math.floor(head.receivedMs / 1000),
    model: head.body.model,
    system_fingerprint: null,
    object: 'text_completion',
    usage,
    nvext,
  })
}

/** Of answers, or of as much of them as there is. */
function usageBody({ generation, body }: AnswerHead, answers: readonly Progress[]): object {
  const sum = (count: (one: Progress) => number) => answers.reduce((total, one) => total + count(one), 0)
  const promptTokens = sum(({ request }) => request.inputTokens)
  const completionTokens = sum(({ outputTokens }) => outputTokens) * countChoices(body)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(generation === '1.3+' && {
      prompt_tokens_details: { audio_tokens: null, cached_tokens: sum(({ request }) => request.cachedTokens) },
    }),
  }
}
