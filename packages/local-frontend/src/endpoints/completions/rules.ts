// SPDX-License-Identifier: Apache-2.0
import { oneConstraint, oneServedConstraint } from '../../request/guided-rules.ts'
import { early, invalid, later, modelIsNamed, modelIsServed, type Rule } from '../../request/rules.ts'
import {
  cacheSalt,
  choices,
  fewStops,
  frequencyPenalty,
  inRange,
  logitBias,
  minP,
  onlyKeysOf,
  presencePenalty,
  repetitionPenalty,
  stops,
  stopTokenIds,
  streamOptionsOfStream,
  temperature,
  tokenLimit,
  topK,
  topP,
} from '../../request/sampling-rules.ts'
import { countChoices } from '../choices.ts'
import { completionKeys } from './keys.ts'
import { countPrompts, findPromptProblem, isPrompt } from './prompt.ts'

const prompt: Rule = ({ prompt: value }) => invalid(isPrompt(value) ? findPromptProblem(value) : undefined)

const promptEmbeds: Rule = ({ prompt_embeds: value }) =>
  typeof value === 'string' && !/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(value)
    ? invalid('prompt_embeds must be valid base64-encoded data')
    : undefined

const MAX_SUFFIX = 10_000

const suffix: Rule = ({ suffix: value }) =>
  typeof value === 'string' && value.length > MAX_SUFFIX
    ? invalid(`Suffix is too long, maximum ${MAX_SUFFIX} characters`)
    : undefined

const bestOf: Rule = (body, scope) => {
  const { best_of: best, n = 1 } = body
  const outOfRange = inRange('best_of', 'Best_of', [0, 20])(body, scope)
  if (outOfRange !== undefined) return outOfRange
  const isTooFew = typeof best === 'number' && typeof n === 'number' && best > 0 && best < n
  return invalid(
    isTooFew ? `Best_of must be greater than or equal to n, got best_of=${best} and n=${n}` : undefined,
  )
}

const MAX_CHOICES = 128

const totalChoices: Rule = (body) => {
  const prompts = isPrompt(body.prompt) ? countPrompts(body.prompt) : 1
  const choices = countChoices(body)
  const total = prompts * choices
  return invalid(
    total > MAX_CHOICES
      ? `Total choices (batch_size × n = ${prompts} × ${choices} = ${total}) exceeds maximum of ${MAX_CHOICES}`
      : undefined,
  )
}

const noTemplate: Rule = (body) =>
  [body.add_generation_prompt, body.continue_final_message].some((value) => (value ?? undefined) !== undefined)
    ? invalid('`add_generation_prompt` and `continue_final_message` are only supported on /v1/chat/completions')
    : undefined

/** In the order in which Dynamo looks (measured on 1.2.1 and 1.6.1, each pair of faults in one body). */
export const completionRules: readonly Rule[] = [
  streamOptionsOfStream,
  onlyKeysOf(completionKeys),
  later(cacheSalt),
  later(stopTokenIds),
  later(oneConstraint),
  modelIsNamed,
  promptEmbeds,
  prompt,
  suffix,
  tokenLimit('max_tokens', 'Max tokens'),
  temperature,
  topP,
  choices,
  inRange('logprobs', 'Logprobs', [0, 5]),
  stops,
  presencePenalty,
  frequencyPenalty,
  bestOf,
  logitBias,
  repetitionPenalty,
  minP,
  topK,
  totalChoices,
  later(noTemplate),
  modelIsServed,
  early(fewStops),
  early(oneServedConstraint),
]
