// SPDX-License-Identifier: Apache-2.0
import type { GenerationTraits } from '../generation.ts'
import { errorReply, textReply, type Reply } from '../http/reply.ts'
import { fieldsOf, isJsonBody, type CompletionRequest, type JsonBody } from './completion-request.ts'
import { findPosition, findSyntaxFault, type JsonPlace } from './json-text.ts'
import { findNvextProblem } from './nvext-rules.ts'
import { findParameterProblem } from './parameter-rules.ts'

export type ReadRequest =
  { readonly accepted: true; readonly request: CompletionRequest } | { readonly accepted: false; readonly reply: Reply }

/**
 * Reads a body as Dynamo does: first as JSON of the right types, then by the
 * rules for values. Statuses and texts are those measured on 1.2.1 and 1.6.1.
 */
export function readCompletionRequest(bytes: Buffer, traits: GenerationTraits): ReadRequest {
  const text = bytes.toString()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return refuse(syntaxReply(text, traits))
  }
  if (!isJsonBody(body))
    return refuse(typeReply(text, { message: 'invalid type, expected a map', path: [], after: 'value' }))

  const problem = findNvextProblem(body.nvext, traits.strictNvext) ?? findShapeProblem(body)
  if (problem !== undefined) {
    const named = traits.errorsNamePath && problem.after === 'value' && problem.path.length > 0
    return refuse(
      typeReply(text, named ? { ...problem, message: `${problem.path.join('.')}: ${problem.message}` } : problem),
    )
  }
  const invalid = findParameterProblem(body)
  if (invalid !== undefined) return refuse(errorReply(400, `Validation: ${invalid}`))
  return { accepted: true, request: interpret(body) }
}

function interpret(body: JsonBody): CompletionRequest {
  const nvext = fieldsOf(body, 'nvext')
  const { priority } = fieldsOf(nvext, 'agent_hints')
  const extraFields = Array.isArray(nvext.extra_fields) ? (nvext.extra_fields as string[]) : []
  return {
    body,
    model: String(body.model),
    stream: body.stream === true,
    includeUsage: fieldsOf(body, 'stream_options').include_usage === true,
    choices: typeof body.n === 'number' ? body.n : 1,
    extraFields: new Set(extraFields),
    priority: typeof priority === 'number' ? priority : undefined,
  }
}

type ShapeProblem = JsonPlace & { readonly message: string }

function findShapeProblem(body: JsonBody): ShapeProblem | undefined {
  const whole = { path: [], after: 'value' } as const
  const { messages, model, stream } = body
  if (messages === undefined) return { message: 'missing field `messages`', ...whole }
  if (model === undefined) return { message: 'missing field `model`', ...whole }
  if (!Array.isArray(messages) || !messages.every(isJsonBody)) {
    return { message: 'invalid type of `messages`, expected a sequence of maps', ...whole }
  }
  if (typeof model !== 'string') return { message: 'invalid type of `model`, expected a string', ...whole }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    return { message: 'invalid type of `stream`, expected a boolean', ...whole }
  }
  return undefined
}

function refuse(reply: Reply): ReadRequest {
  return { accepted: false, reply }
}

const typeErrorPrefix = 'Failed to deserialize the JSON body into the target type: '

/** serde tells the place of an unknown key just after its closing quote, that of a value just after the value. */
function typeReply(text: string, { message, ...place }: ShapeProblem): Reply {
  const { line, column } = findPosition(text, place)
  return errorReply(400, `${typeErrorPrefix}${message} at line ${line} column ${column}`)
}

function syntaxReply(text: string, { jsonRejections }: GenerationTraits): Reply {
  const fault = findSyntaxFault(text) ?? { message: 'expected value', line: 1, column: 1 }
  const said = `${fault.message} at line ${fault.line} column ${fault.column}`
  return jsonRejections
    ? errorReply(400, typeErrorPrefix + said)
    : textReply(400, `Failed to parse the request body as JSON: ${said}`)
}
