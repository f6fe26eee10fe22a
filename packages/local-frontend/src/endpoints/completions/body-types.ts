// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from '../../request/json-body.ts'
import { findSamplingTypeProblem } from '../../request/sampling-types.ts'
import { findKindProblem, missingField, noVariant, typeProblem, type Kind } from '../../request/serde.ts'
import { completionKeys } from './keys.ts'
import { isPrompt } from './prompt.ts'

const kinds: Readonly<Record<string, Kind>> = {
  suffix: 'string',
  prompt_embeds: 'string',
  logprobs: 'u8',
  best_of: 'u8',
}

/** The first key, in the order of the body, that has the wrong type. */
export function findTypeProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const [key, value] of Object.entries(body)) {
    const problem =
      completionKeys.reading(key, modern) === undefined ? undefined : findValueProblem(key, value, modern)
    if (problem !== undefined) return problem
  }
  if (body.model === undefined) return missingField('model')
  return body.prompt === undefined ? missingField('prompt') : undefined
}

function findValueProblem(key: string, value: unknown, modern: boolean): string | undefined {
  if (key === 'prompt') return isPrompt(value) ? undefined : noVariant('Prompt')
  if (key === 'echo' && value !== null && typeof value !== 'boolean') {
    return typeProblem(value, 'echo parameter to be a boolean (true or false) or null', []).message
  }
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined
  return kind === undefined ? findSamplingTypeProblem(key, value, modern) : findKindProblem(value, kind, [])?.message
}
