// SPDX-License-Identifier: Apache-2.0
import type { GenerationTraits } from '../generation.ts'
import { errorReply, textReply, type Reply } from '../http/reply.ts'
import { fieldsOf, isJsonBody, type CompletionRequest, type JsonBody } from './completion-request.ts'
import { findPosition, findSyntaxFault } from './json-text.ts'
import { findOwnTypeProblem, findTypeProblem } from './body-types.ts'
import { findNvextProblem } from './nvext-rules.ts'
import { findParameterProblem } from './parameter-rules.ts'
import { formatPath, typeProblem, type FieldProblem } from './serde.ts'

/** 1.2 takes no more stop sequences. */
const MAX_STOPS = 4

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
  if (!isJsonBody(body)) return refuse(typeReply(text, typeProblem(body, 'struct NvCreateChatCompletionRequest', [])))

  const modern = traits.strictNvext
  const own = findNvextProblem(body.nvext, modern) ?? findOwnTypeProblem(body, modern)
  if (own !== undefined) {
    const named = traits.errorsNamePath && own.after === 'value'
    return refuse(typeReply(text, named ? { ...own, message: `${formatPath(own.path)}: ${own.message}` } : own))
  }
  const mistyped = findTypeProblem(body, modern)
  if (mistyped !== undefined) return refuse(typeReply(text, { message: mistyped, path: [], after: 'value' }))

  const invalid = findParameterProblem(body, modern)
  if (invalid !== undefined) return refuse(errorReply(invalid.status, `Validation: ${invalid.message}`))
  if (!modern && Array.isArray(body.stop) && body.stop.length > MAX_STOPS) {
    return refuse(errorReply(500, `Failed to generate completions: stop conditions must be less than ${MAX_STOPS}`))
  }
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

function refuse(reply: Reply): ReadRequest {
  return { accepted: false, reply }
}

const typeErrorPrefix = 'Failed to deserialize the JSON body into the target type: '

/** serde tells the place of an unknown key just after its closing quote, that of a value just after the value. */
function typeReply(text: string, { message, path, after, noticedAt = path }: FieldProblem): Reply {
  // A list at the top is refused before its first byte is taken.
  const { line, column } = text.trimStart().startsWith('[')
    ? { line: 1, column: 0 }
    : findPosition(text, { path: noticedAt, after })
  return errorReply(400, `${typeErrorPrefix}${message} at line ${line} column ${column}`)
}

function syntaxReply(text: string, { jsonRejections, errorsNamePath }: GenerationTraits): Reply {
  const fault = findSyntaxFault(text) ?? { message: 'expected value', path: [], line: 1, column: 1 }
  const place = errorsNamePath && fault.path.length > 0 ? `${formatPath(fault.path)}: ` : ''
  const said = `${fault.message} at line ${fault.line} column ${fault.column}`
  return jsonRejections
    ? errorReply(400, typeErrorPrefix + said)
    : textReply(400, `Failed to parse the request body as JSON: ${place}${said}`)
}
