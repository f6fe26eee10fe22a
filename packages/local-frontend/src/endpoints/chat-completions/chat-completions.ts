// SPDX-License-Identifier: Apache-2.0
import { readChatRequest } from '../../chat/read-chat-request.ts'
import { renderPrompt } from '../../chat/render-prompt.ts'
import { asFields, itemsOf } from '../../request/json-body.ts'
import { streamOptions } from '../../request/sampling-types.ts'
import { countChoices } from '../choices.ts'
import { createCompletionNotes } from '../completion-notes.ts'
import type { Endpoint } from '../endpoint.ts'
import { findTypeProblem } from './body-types.ts'
import { createChatForm } from './form.ts'
import { chatKeys } from './keys.ts'
import { chatRules } from './rules.ts'

/** `POST /v1/chat/completions`. */
export const chatCompletions: Endpoint = {
  path: '/v1/chat/completions',
  bodyRules: {
    struct: 'NvCreateChatCompletionRequest',
    keys: chatKeys,
    kinds: { chat_template_args: 'map', chat_template_kwargs: 'map', thinking_token_budget: 'u32' },
    aliases: () => new Map([['chat_template_kwargs', 'chat_template_args']]),
    structs: new Map([
      ['messages.*', ['role', 'content', 'name', 'refusal', 'tool_calls', 'tool_call_id', 'reasoning_content']],
      ['messages.*.tool_calls.*', ['id', 'type', 'function']],
      ['tools.*', ['type', 'function']],
      ['tools.*.function', ['name', 'description', 'parameters', 'strict']],
      ['stream_options', streamOptions],
      ['response_format', ['type']],
    ]),
    findTypeProblem,
    rules: chatRules,
  },
  inputTrigger(body) {
    const { role } = asFields(itemsOf(body, 'messages').at(-1))
    if (role === 'user') return 'user_message'
    return role === 'tool' || role === 'function' ? 'tool_result' : 'other'
  },
  candidates: countChoices,
  isTraced: () => true,
  prompts(body) {
    const chat = readChatRequest(body)
    return [{ chat, promptText: renderPrompt(chat) }]
  },
  phrase: (answer) => answer,
  createForm: createChatForm,
  createNotes: createCompletionNotes,
}
