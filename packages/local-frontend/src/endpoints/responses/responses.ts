// SPDX-License-Identifier: Apache-2.0
import { renderPrompt } from '../../chat/render-prompt.ts'
import { asFields, asItems } from '../../request/json-body.ts'
import type { Endpoint } from '../endpoint.ts'
import { findTypeProblem } from './body-types.ts'
import { readResponseRequest } from './conversation.ts'
import { createResponseForm } from './form.ts'
import { responseKeys } from './keys.ts'
import { createResponseNotes } from './notes.ts'
import { responseRules } from './rules.ts'

const modernAliases = new Map([
  ['max_tokens', 'max_output_tokens'],
  ['chat_template_kwargs', 'chat_template_args'],
])

/** `POST /v1/responses`, which Dynamo makes a chat completion of. Nothing is stored. */
export const responses: Endpoint = {
  path: '/v1/responses',
  bodyRules: {
    struct: 'NvCreateResponse',
    keys: responseKeys,
    kinds: { chat_template_args: 'map', chat_template_kwargs: 'map' },
    aliases: (modern) => (modern ? modernAliases : new Map()),
    structs: new Map([
      ['reasoning', ['effort', 'summary']],
      ['tools.*', ['type', 'name', 'description', 'parameters', 'strict']],
    ]),
    findTypeProblem,
    rules: responseRules,
  },
  inputTrigger({ input }) {
    if (typeof input === 'string') return 'user_message'
    const { role, type } = asFields(asItems(input).at(-1))
    if (role === 'user') return 'user_message'
    return type === 'function_call_output' || type === 'custom_tool_call_output' ? 'tool_result' : 'other'
  },
  // `n` is not one of its keys.
  candidates: () => 1,
  isTraced: () => true,
  prompts(body) {
    const chat = readResponseRequest(body)
    return [{ chat, promptText: renderPrompt(chat) }]
  },
  phrase: (answer) => answer,
  createForm: createResponseForm,
  createNotes: createResponseNotes,
}
