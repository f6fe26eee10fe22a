// SPDX-License-Identifier: Apache-2.0
import { findKindProblem, isFields, missingField, noVariant, typeProblem, type Kind } from './serde.ts'

const kinds: Readonly<Record<string, Kind>> = {
  stream: 'bool',
  ignore_eos: 'bool',
  add_generation_prompt: 'bool',
  continue_final_message: 'bool',
  temperature: 'f32',
  top_p: 'f32',
  frequency_penalty: 'f32',
  presence_penalty: 'f32',
  min_p: 'f32',
  repetition_penalty: 'f32',
  n: 'u8',
  top_k: 'i32',
  seed: 'i64',
  max_tokens: 'u32',
  min_tokens: 'u32',
  prompt_logprobs: 'u32',
  model: 'string',
  user: 'string',
  guided_regex: 'string',
  guided_grammar: 'string',
  guided_choice: 'string[]',
  logit_bias: 'map',
}

/** What is wrong with the type of a key that both kinds of completion have. */
export function findSamplingTypeProblem(key: string, value: unknown, modern: boolean): string | undefined {
  if (value === null) return key === 'model' ? typeProblem(value, 'string', []).message : undefined
  switch (key) {
    case 'stop':
      return typeof value === 'string' || isTextList(value) ? undefined : noVariant('Stop')
    case 'stream_options':
      return findStreamOptionsProblem(value, modern)
    default: {
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
      return kind && findKindProblem(value, kind, [])?.message
    }
  }
}

/** The keys of `stream_options` that Dynamo reads. */
export const streamOptions = ['include_usage', 'continuous_usage_stats']

/** 1.2 does not take null for a boolean here, and misses what is not told. */
function findStreamOptionsProblem(value: unknown, modern: boolean): string | undefined {
  if (!isFields(value)) return typeProblem(value, 'struct ChatCompletionStreamOptions', []).message
  const wrong = Object.keys(value).find(
    (key) => streamOptions.includes(key) && typeof value[key] !== 'boolean' && !(modern && value[key] === null),
  )
  if (wrong !== undefined) return typeProblem(value[wrong], 'bool', []).message
  return value.include_usage === undefined && !modern ? missingField('include_usage') : undefined
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
