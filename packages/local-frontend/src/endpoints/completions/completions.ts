// SPDX-License-Identifier: Apache-2.0
import { readChatRequest } from '../../chat/read-chat-request.ts'
import { renderAnswer } from '../../chat/render-prompt.ts'
import type { JsonBody } from '../../request/json-body.ts'
import { streamOptions } from '../../request/sampling-types.ts'
import { countChoices } from '../choices.ts'
import { createCompletionNotes } from '../completion-notes.ts'
import type { Endpoint, PromptedRequest } from '../endpoint.ts'
import { findTypeProblem } from './body-types.ts'
import { createCompletionForm } from './form.ts'
import { completionKeys } from './keys.ts'
import { isPrompt, promptTexts } from './prompt.ts'
import { completionRules } from './rules.ts'

/** `POST /v1/completions`: text that goes on, without a chat template before the model or parsers behind it. */
export const completions: Endpoint = {
  path: '/v1/completions',
  bodyRules: {
    struct: 'NvCreateCompletionRequest',
    keys: completionKeys,
    kinds: {},
    aliases: () => new Map(),
    structs: new Map([['stream_options', streamOptions]]),
    findTypeProblem,
    rules: completionRules,
  },
  inputTrigger: () => 'other',
  candidates: (body) => Math.max(countChoices(body), typeof body.best_of === 'number' ? body.best_of : 1),
  // 1.2 has no row of them, whoever is named (measured on 1.2.1).
  isTraced: ({ tracesTextCompletions }) => tracesTextCompletions,
  prompts: (body) => (isPrompt(body.prompt) ? promptTexts(body.prompt) : []).map((text) => asPrompt(text, body)),
  // Nobody takes apart what the model generated: reasoning and tool calls stand in the text.
  phrase: (answer) => ({
    ...answer,
    text: renderAnswer(answer),
    reasoning: '',
    toolCalls: [],
    finishReason: answer.finishReason === 'length' ? 'length' : 'stop',
  }),
  createForm: createCompletionForm,
  createNotes: createCompletionNotes,
}

/** To a script a prompt is what a user says first. */
function asPrompt(text: string, body: JsonBody): PromptedRequest {
  const messages = [{ role: 'user', content: text }]
  return { chat: readChatRequest({ ...body, messages }), promptText: text }
}
