// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from '../../request/json-body.ts'
import { findSamplingTypeProblem } from '../../request/sampling-types.ts'
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
import { chatKeys } from './keys.ts'
import { findMessageProblem } from './message-types.ts'

const kinds: Readonly<Record<string, Kind>> = {
  store: 'bool',
  logprobs: 'bool',
  parallel_tool_calls: 'bool',
  top_logprobs: 'u8',
  max_completion_tokens: 'u32',
  prompt_cache_key: 'string',
  modalities: 'string[]',
}

/** The first key, in the order of the body, that has the wrong type. */
export function findTypeProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const [key, value] of Object.entries(body)) {
    const problem =
      chatKeys.reading(key, modern) === undefined ? undefined : findValueProblem(key, value, modern)
    if (problem !== undefined) return problem
  }
  if (body.messages === undefined) return missingField('messages')
  return body.model === undefined ? missingField('model') : undefined
}

function findValueProblem(key: string, value: unknown, modern: boolean): string | undefined {
  if (key === 'messages') return findListProblem(value, (message) => findMessageProblem(message, modern))
  if (value === null) return findSamplingTypeProblem(key, value, modern)
  switch (key) {
    case 'reasoning_effort':
      return findVariantProblem(value, reasoningEfforts(modern))
    case 'service_tier':
      return findVariantProblem(value, modern ? [...serviceTiers, 'fast'] : serviceTiers)
    case 'tool_choice':
      return isToolChoice(value) ? undefined : noVariant('ChatCompletionToolChoiceOption')
    case 'tools':
      return findListProblem(value, findToolProblem)
    case 'response_format':
      return findResponseFormatProblem(value)
    default: {
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
      return kind === undefined
        ? findSamplingTypeProblem(key, value, modern)
        : findKindProblem(value, kind, [])?.message
    }
  }
}

function findToolProblem(tool: unknown): string | undefined {
  if (!isFields(tool)) return typeProblem(tool, 'struct ChatCompletionTool', []).message
  if (tool.type === undefined) return missingField('type')
  if (typeof tool.type === 'string' && tool.type !== 'function') return unknownVariant(tool.type, ['function'])
  if (tool.function === undefined) return missingField('function')
  if (!isFields(tool.function)) return undefined
  const { name } = tool.function
  if (name === undefined) return missingField('name')
  return typeof name === 'string' ? undefined : typeProblem(name, 'string', []).message
}

function findResponseFormatProblem(value: unknown): string | undefined {
  const formats = ['text', 'json_object', 'json_schema']
  if (!isFields(value)) return typeProblem(value, 'internally tagged enum ResponseFormat', []).message
  const { type, json_schema: schema } = value
  if (type === undefined) return missingField('type')
  if (typeof type === 'string' && !formats.includes(type)) return unknownVariant(type, formats)
  if (type !== 'json_schema') return undefined
  if (!isFields(schema)) return missingField('json_schema')
  return schema.name === undefined ? missingField('name') : undefined
}

function isToolChoice(value: unknown): boolean {
  if (isFields(value)) return isFields(value.function) && typeof value.function.name === 'string'
  return value === 'none' || value === 'auto' || value === 'required'
}
