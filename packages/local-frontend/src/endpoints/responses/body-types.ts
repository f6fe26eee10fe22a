// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from '../../request/json-body.ts'
import {
  findKindProblem,
  findListProblem,
  findVariantProblem,
  isFields,
  missingField,
  noVariant,
  typeProblem,
  unknownVariant,
  type Kind,
} from '../../request/serde.ts'
import { reasoningEfforts, serviceTiers } from '../../request/variants.ts'
import { findInputProblem } from './input-types.ts'
import { responseKeys } from './keys.ts'
import { findToolChoiceProblem, findToolProblem } from './tool-types.ts'

const kinds: Readonly<Record<string, Kind>> = {
  background: 'bool',
  parallel_tool_calls: 'bool',
  store: 'bool',
  stream: 'bool',
  top_logprobs: 'u8',
  max_output_tokens: 'u32',
  max_tokens: 'u32',
  max_tool_calls: 'u32',
  temperature: 'f32',
  top_p: 'f32',
  model: 'string',
  instructions: 'string',
  previous_response_id: 'string',
  prompt_cache_key: 'string',
  safety_identifier: 'string',
}

const includes = [
  ...['file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources'],
  ...['message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs'],
  ...['reasoning.encrypted_content', 'message.output_text.logprobs'],
]

/** The first key, in the order of the body, that has the wrong type. */
export function findTypeProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const [key, value] of Object.entries(body)) {
    const isRead = responseKeys.reading(key, modern) === 'at-the-end'
    const problem = isRead ? findValueProblem(key, value, modern) : undefined
    if (problem !== undefined) return problem
  }
  return body.input === undefined ? missingField('input') : undefined
}

function findValueProblem(key: string, value: unknown, modern: boolean): string | undefined {
  if (key === 'input') return findInputProblem(value, modern)
  if (value === null) return undefined
  switch (key) {
    case 'conversation':
      return typeof value === 'string' || (isFields(value) && typeof value.id === 'string')
        ? undefined
        : noVariant('ConversationParam')
    case 'include':
      return findListProblem(value, (item) => findVariantProblem(item, includes))
    case 'metadata':
      return findMetadataProblem(value)
    case 'prompt':
      if (!isFields(value)) return typeProblem(value, 'struct Prompt', []).message
      return value.id === undefined ? missingField('id') : undefined
    case 'prompt_cache_retention':
      return findVariantProblem(value, ['in_memory', '24h'])
    case 'reasoning':
      return findReasoningProblem(value, modern)
    case 'service_tier':
      return findVariantProblem(value, modern ? [...serviceTiers, 'fast', 'ultrafast'] : serviceTiers)
    case 'stream_options':
      return isFields(value) ? undefined : typeProblem(value, 'struct ResponseStreamOptions', []).message
    case 'text':
      return findTextProblem(value, modern)
    case 'tool_choice':
      return findToolChoiceProblem(value)
    case 'tools':
      return findListProblem(value, (tool) => findToolProblem(tool, modern))
    case 'truncation':
      return findVariantProblem(value, ['auto', 'disabled'])
    default: {
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
      return kind && findKindProblem(value, kind, [])?.message
    }
  }
}

function findMetadataProblem(value: unknown): string | undefined {
  if (!isFields(value)) return typeProblem(value, 'map', []).message
  const wrong = Object.values(value).find((text) => typeof text !== 'string')
  return wrong === undefined ? undefined : typeProblem(wrong, 'string', []).message
}

function findReasoningProblem(value: unknown, modern: boolean): string | undefined {
  if (!isFields(value)) return typeProblem(value, 'struct Reasoning', []).message
  const { effort = null, summary = null } = value
  return (
    (effort === null ? undefined : findVariantProblem(effort, reasoningEfforts(modern))) ??
    (summary === null ? undefined : findVariantProblem(summary, ['auto', 'concise', 'detailed']))
  )
}

function findTextProblem(value: unknown, modern: boolean): string | undefined {
  if (!isFields(value)) return typeProblem(value, 'struct ResponseTextParam', []).message
  const { format, verbosity = null } = value
  if (format === undefined && !modern) return missingField('format')
  return (
    (format === undefined ? undefined : findFormatProblem(format, modern)) ??
    (verbosity === null ? undefined : findVariantProblem(verbosity, ['low', 'medium', 'high']))
  )
}

function findFormatProblem(format: unknown, modern: boolean): string | undefined {
  if (!isFields(format)) {
    return typeProblem(format, 'internally tagged enum TextResponseFormatConfiguration', []).message
  }
  const { type, name, schema } = format
  if (type === undefined) return missingField('type')
  const formats = ['text', 'json_object', 'json_schema']
  if (typeof type === 'string' && !formats.includes(type)) return unknownVariant(type, formats)
  if (type !== 'json_schema') return undefined
  if (name === undefined) return missingField('name')
  return schema === undefined && modern ? missingField('schema') : undefined
}
