// SPDX-License-Identifier: Apache-2.0
import { asFields, asItems, fieldsOf, itemsOf, type JsonBody } from '../../request/json-body.ts'
import { early, invalid, later, modelIsServed, type Refusal, type Rule } from '../../request/rules.ts'
import { temperature, tokenLimit, topP } from '../../request/sampling-rules.ts'
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
import { conversationOf } from './conversation.ts'

function unsupported(key: string, isAsked: (value: unknown) => boolean, name: string = key): Rule {
  return (body) =>
    isAsked(body[key]) ? { status: 501, message: `Validation: \`${name}\` is not supported.` } : undefined
}

const isGiven = (value: unknown) => (value ?? undefined) !== undefined

/** What the adapter to chat completions says, which is no validator. */
function refused(problem: string | undefined): Refusal | undefined {
  return problem === undefined ? undefined : { status: 400, message: problem }
}

function notConverted(problem: string | undefined): Refusal | undefined {
  return refused(problem && `Failed to convert responses request: ${problem}`)
}

const supportedTools =
  'the Chat Completions adapter supports only function tools and none, auto, required, named function, ' +
  'or function-only allowed_tools choices'

const onlyFunctions: Rule = (body) => {
  const other = itemsOf(body, 'tools').find((tool) => isFields(tool) && tool.type !== 'function')
  return notConverted(
    isFields(other) ? `Unsupported Responses tools type '${String(other.type)}': ${supportedTools}` : undefined,
  )
}

const strictTools: Rule = (body) => notConverted(findToolsProblem(functionsOf(body), findStrictProblem))

const onlyFunctionChoice: Rule = (body) => {
  const { type, tools } = fieldsOf(body, 'tool_choice')
  if (typeof type !== 'string' || type === 'function') return undefined
  if (type !== 'allowed_tools') {
    return notConverted(`Unsupported Responses tool_choice type '${type}': ${supportedTools}`)
  }
  const isEmpty = Array.isArray(tools) && tools.length === 0
  return notConverted(isEmpty ? 'Responses allowed_tools must contain at least one function' : undefined)
}

const onlyTextAndImages: Rule = ({ input }) => {
  const parts = asItems(input).flatMap((item) => itemsOf(asFields(item), 'content'))
  for (const part of parts.filter(isFields)) {
    if (part.type === 'input_file') {
      return invalid('Failed to convert responses request: File input content is not yet supported')
    }
    const isImage = part.type === 'input_image'
    if (isImage && part.image_url === undefined && part.file_id === undefined) {
      return notConverted('input_image requires file_id or image_url')
    }
  }
  return undefined
}

const someMessages: Rule = (body) =>
  refused(conversationOf(body).length === 0 ? 'Messages array cannot be empty' : undefined)

const callArguments: Rule = (body) =>
  refused(
    findArgumentsProblem(
      conversationOf(body).map(({ toolCalls }) => ({
        tool_calls: toolCalls.map((call) => ({ function: { arguments: call.arguments } })),
      })),
    ),
  )

const someModel: Rule = ({ model = null }) => {
  const isEmpty = model === null || (typeof model === 'string' && model.trim() === '')
  return refused(isEmpty ? 'Model cannot be empty' : undefined)
}

const functions: Rule = (body, { modern }) =>
  refused(
    findToolsProblem(
      functionsOf(body),
      (tool, index) => findNameProblem(tool, index, modern) ?? findParametersProblem(tool, index),
    ),
  )

const toolChoice: Rule = (body) => {
  const { type, name } = fieldsOf(body, 'tool_choice')
  return refused(findChoiceProblem(body.tool_choice, type === 'function' ? name : undefined, functionsOf(body)))
}

function functionsOf(body: JsonBody): FunctionTool[] {
  return itemsOf(body, 'tools')
    .map(asFields)
    .filter(({ type }) => type === 'function')
    .map(({ name, parameters, strict }) => ({ name, parameters, strict }))
}

/** 1.2 leaves ranges to what serves the request, which fails. */
function served(key: string, [least, most]: readonly [number, number]): Rule {
  return (body) => {
    const value = body[key]
    if (typeof value !== 'number' || (value >= least && value <= most)) return undefined
    const problem = `Error validating ${key}: Value ${value} is out of range [${least}, ${most}]`
    return { status: 500, message: `Failed to generate completions: ${problem}` }
  }
}

/** 1.2 never answers when asked for no token; here it says what later releases say. */
const outputLimit = tokenLimit('max_output_tokens', 'Max tokens')

/** In the order in which Dynamo looks (measured on 1.2.1 and 1.6.1, each pair of faults in one body). */
export const responseRules: readonly Rule[] = [
  unsupported('background', (value) => value === true, 'background: true'),
  unsupported('previous_response_id', isGiven),
  unsupported('prompt', isGiven),
  unsupported('max_tool_calls', isGiven),
  later(temperature),
  later(topP),
  outputLimit,
  later(onlyTextAndImages),
  later(onlyFunctions),
  later(strictTools),
  later(onlyFunctionChoice),
  later(someMessages),
  later(callArguments),
  later(someModel),
  later(functions),
  later(toolChoice),
  modelIsServed,
  early(served('temperature', [0, 2])),
  early(served('top_p', [0, 1])),
]

