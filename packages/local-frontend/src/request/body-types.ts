// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from './completion-request.ts'
import { isKnownParameter } from './known-parameters.ts'
import { findMessageProblem } from './message-types.ts'
import { expectedNames, findKindProblem, isFields, typeProblem, type FieldProblem, type Kind } from './serde.ts'

/**
 * Types of the body's keys. Dynamo reads its own keys as they come, and tells
 * the place of what is wrong with them; OpenAI's it reads when it has seen the
 * whole body, and then the place is the body's end.
 */
const ownKinds: Readonly<Record<string, Kind>> = {
  chat_template_args: 'map',
  chat_template_kwargs: 'map',
  thinking_token_budget: 'u32',
}

const kinds: Readonly<Record<string, Kind>> = {
  stream: 'bool',
  store: 'bool',
  logprobs: 'bool',
  parallel_tool_calls: 'bool',
  ignore_eos: 'bool',
  add_generation_prompt: 'bool',
  temperature: 'f32',
  top_p: 'f32',
  frequency_penalty: 'f32',
  presence_penalty: 'f32',
  min_p: 'f32',
  repetition_penalty: 'f32',
  n: 'u8',
  top_logprobs: 'u8',
  top_k: 'i32',
  seed: 'i64',
  max_tokens: 'u32',
  max_completion_tokens: 'u32',
  min_tokens: 'u32',
  prompt_logprobs: 'u32',
  user: 'string',
  prompt_cache_key: 'string',
  guided_regex: 'string',
  modalities: 'string[]',
  guided_choice: 'string[]',
  logit_bias: 'map',
}

/** The first key of Dynamo's own, besides `nvext`, that has the wrong type. */
export function findOwnTypeProblem(body: JsonBody, modern: boolean): FieldProblem | undefined {
  for (const [key, value] of Object.entries(body)) {
    const kind = Object.hasOwn(ownKinds, key) && isKnownParameter(key, modern) ? ownKinds[key] : undefined
    const problem = kind && findKindProblem(value, kind, [key])
    if (problem) return problem
  }
  return undefined
}

/** The first other key, in the order of the body, that has the wrong type. */
export function findTypeProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const [key, value] of Object.entries(body)) {
    const problem = isKnownParameter(key, modern) ? findValueProblem(key, value, modern) : undefined
    if (problem !== undefined) return problem
  }
  if (body.messages === undefined) return 'missing field `messages`'
  return body.model === undefined ? 'missing field `model`' : undefined
}

function findValueProblem(key: string, value: unknown, modern: boolean): string | undefined {
  switch (key) {
    case 'model':
      return typeof value === 'string' ? undefined : typeProblem(value, 'string', []).message
    case 'messages':
      return findListProblem(value, (message) => findMessageProblem(message, modern))
    default:
      if (value === null) return undefined
  }
  switch (key) {
    case 'reasoning_effort':
      return findVariantProblem(value, [
        'none',
        'minimal',
        'low',
        'medium',
        'high',
        'xhigh',
        ...(modern ? ['max'] : []),
      ])
    case 'service_tier':
      return findVariantProblem(value, ['auto', 'default', 'flex', 'scale', 'priority', ...(modern ? ['fast'] : [])])
    case 'stop':
      return typeof value === 'string' || isTextList(value) ? undefined : noVariant('Stop')
    case 'tool_choice':
      return isToolChoice(value) ? undefined : noVariant('ChatCompletionToolChoiceOption')
    case 'tools':
      return findListProblem(value, findToolProblem)
    case 'response_format':
      return findResponseFormatProblem(value)
    case 'stream_options':
      return findStreamOptionsProblem(value, modern)
    default: {
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
      return kind && findKindProblem(value, kind, [])?.message
    }
  }
}

function findListProblem(value: unknown, find: (item: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(value)) return typeProblem(value, 'a sequence', []).message
  for (const item of value as unknown[]) {
    const problem = find(item)
    if (problem !== undefined) return problem
  }
  return undefined
}

function findVariantProblem(value: unknown, variants: readonly string[]): string | undefined {
  if (isFields(value)) return undefined
  if (typeof value !== 'string') return typeProblem(value, 'string or map', []).message
  return variants.includes(value) ? undefined : unknownVariant(value, variants)
}

function findToolProblem(tool: unknown): string | undefined {
  if (!isFields(tool)) return typeProblem(tool, 'struct ChatCompletionTool', []).message
  if (tool.type === undefined) return 'missing field `type`'
  if (typeof tool.type === 'string' && tool.type !== 'function') return unknownVariant(tool.type, ['function'])
  if (tool.function === undefined) return 'missing field `function`'
  return isFields(tool.function) && tool.function.name === undefined ? 'missing field `name`' : undefined
}

function findResponseFormatProblem(value: unknown): string | undefined {
  const formats = ['text', 'json_object', 'json_schema']
  if (!isFields(value)) return typeProblem(value, 'internally tagged enum ResponseFormat', []).message
  const { type, json_schema: schema } = value
  if (type === undefined) return 'missing field `type`'
  if (typeof type === 'string' && !formats.includes(type)) return unknownVariant(type, formats)
  if (type !== 'json_schema') return undefined
  if (!isFields(schema)) return 'missing field `json_schema`'
  return schema.name === undefined ? 'missing field `name`' : undefined
}

function findStreamOptionsProblem(value: unknown, modern: boolean): string | undefined {
  if (!isFields(value)) return typeProblem(value, 'struct ChatCompletionStreamOptions', []).message
  return value.include_usage === undefined && !modern ? 'missing field `include_usage`' : undefined
}

function isToolChoice(value: unknown): boolean {
  if (isFields(value)) return isFields(value.function) && typeof value.function.name === 'string'
  return value === 'none' || value === 'auto' || value === 'required'
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function unknownVariant(value: string, variants: readonly string[]): string {
  return `unknown variant \`${value}\`, ${expectedNames(variants)}`
}

function noVariant(name: string): string {
  return `data did not match any variant of untagged enum ${name}`
}
