// SPDX-License-Identifier: Apache-2.0
import { oneConstraint, oneServedConstraint } from '../../request/guided-rules.ts'
import { asFields, fieldsOf, itemsOf, type JsonBody } from '../../request/json-body.ts'
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
import { isFields } from '../../request/serde.ts'
import {
  findArgumentsProblem,
  findChoiceProblem,
  findNameProblem,
  findParametersProblem,
  findStrictProblem,
  findToolsProblem,
  type FunctionTool,
} from '../../request/tool-rules.ts'
import { lacksMedia } from './content-parts.ts'
import { chatKeys } from './keys.ts'

const thinking: Rule = ({ thinking: value }) => {
  if (value === undefined || value === null || typeof value === 'boolean') return undefined
  if (!isFields(value)) {
    return invalid(
      '`thinking` must be a boolean or an object with `type` set to `enabled`, `disabled`, or `adaptive`',
    )
  }
  const known = ['enabled', 'disabled', 'adaptive'].includes(String(value.type))
  return known ? undefined : invalid('`thinking.type` must be `enabled`, `disabled`, or `adaptive`')
}

function deprecated(key: string, instead: string): Rule {
  return (body) =>
    (body[key] ?? undefined) === undefined
      ? undefined
      : {
          status: 501,
          message: `Validation: \`${key}\` is deprecated. Please migrate to use \`${instead}\` instead.`,
        }
}

const someMessages: Rule = ({ messages }) =>
  Array.isArray(messages) && messages.length === 0
    ? invalid("The 'messages' field cannot be empty. At least one message is required.")
    : undefined

const callArguments: Rule = (body) => invalid(findArgumentsProblem(itemsOf(body, 'messages')))

const someMedia: Rule = (body) =>
  itemsOf(body, 'messages').some((message) => itemsOf(asFields(message), 'content').some(lacksMedia))
    ? { status: 400, message: 'Invalid request' }
    : undefined

const tools: Rule = (body, { modern }) => {
  if (modern && Array.isArray(body.tools) && body.tools.length === 0) {
    return invalid('tools array cannot be empty; omit the field entirely to disable tool use')
  }
  return invalid(
    findToolsProblem(functionsOf(body), (tool, index) => {
      const problem = findNameProblem(tool, index, modern)
      return problem ?? (modern ? (findParametersProblem(tool, index) ?? findStrictProblem(tool)) : undefined)
    }),
  )
}

const toolChoice: Rule = (body) =>
  invalid(
    findChoiceProblem(
      body.tool_choice,
      fieldsOf(fieldsOf(body, 'tool_choice'), 'function').name,
      functionsOf(body),
    ),
  )

function functionsOf(body: JsonBody): FunctionTool[] {
  return itemsOf(body, 'tools').map((tool) => {
    const { name, parameters, strict } = fieldsOf(asFields(tool), 'function')
    return { name, parameters, strict }
  })
}

/** In the order in which Dynamo looks (measured on 1.2.1 and 1.6.1, each pair of faults in one body). */
export const chatRules: readonly Rule[] = [
  later(thinking),
  deprecated('function_call', 'tool_choice'),
  deprecated('functions', 'tools'),
  someMessages,
  streamOptionsOfStream,
  onlyKeysOf(chatKeys),
  later(cacheSalt),
  later(stopTokenIds),
  later(oneConstraint),
  later(callArguments),
  modelIsNamed,
  frequencyPenalty,
  logitBias,
  inRange('top_logprobs', 'Top_logprobs', [0, 20]),
  tokenLimit('max_tokens', 'Max tokens'),
  tokenLimit('max_completion_tokens', 'Max completion tokens'),
  choices,
  presencePenalty,
  stops,
  temperature,
  topP,
  tools,
  later(toolChoice),
  repetitionPenalty,
  minP,
  topK,
  modelIsServed,
  later(someMedia),
  early(fewStops),
  early(oneServedConstraint),
]
