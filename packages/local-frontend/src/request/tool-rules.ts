// SPDX-License-Identifier: Apache-2.0
import { findSyntaxFault } from './json-text.ts'
import { isFields, type Fields } from './serde.ts'

/** A function that the model may call, however its endpoint writes it down. */
export interface FunctionTool {
  readonly name: unknown
  readonly parameters: unknown
  readonly strict: unknown
}

/** What Dynamo since 1.5 wants of a tool's parameters. */
export function findParametersProblem(tools: readonly FunctionTool[]): string | undefined {
  const wrong = tools.findIndex(({ parameters }) => (parameters ?? undefined) !== undefined && !isFields(parameters))
  return wrong === -1
    ? undefined
    : `Function parameters at index ${wrong} for ${JSON.stringify(tools[wrong]?.name)} must be a JSON Schema object`
}

/** What Dynamo since 1.6 wants of the parameters of a tool that is `strict`. */
export function findStrictProblem(tools: readonly FunctionTool[]): string | undefined {
  for (const { name, parameters, strict } of tools) {
    const problem = strict === true && isFields(parameters) ? findRootProblem(parameters) : undefined
    if (problem !== undefined) return `Invalid schema for function '${String(name)}': In context=${problem}`
  }
  return undefined
}

function findRootProblem(schema: Fields): string | undefined {
  if (schema.type !== undefined && schema.type !== 'object') return '#, root must have object-only type'
  if (schema.type === undefined && schema.properties === undefined) {
    return '#, unsupported root representation: Dynamo requires an object-only type or local-reference chain'
  }
  return findSchemaProblem(schema, '#')
}

/** Objects are closed and name all their properties. What other schemas combine is not looked at. */
function findSchemaProblem(schema: unknown, context: string): string | undefined {
  if (!isFields(schema)) return undefined
  if (schema.type === 'array') return findSchemaProblem(schema.items, `${context}/items`)
  if (schema.type !== 'object' && schema.properties === undefined) return undefined
  if (schema.additionalProperties !== false) return `${context}, object schemas require additionalProperties: false`
  const properties = isFields(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? (schema.required as unknown[]) : []
  const left = Object.keys(properties).find((key) => !required.includes(key))
  if (left !== undefined) return `${context}/required, must include property '${left}'`
  for (const [key, value] of Object.entries(properties)) {
    const problem = findSchemaProblem(value, `${context}/properties/${key}`)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** The name that a tool choice asks for has to be there. */
export function findChoiceProblem(choice: unknown, name: unknown, tools: readonly FunctionTool[]): string | undefined {
  if (choice === 'required' && tools.length === 0) return 'tool_choice is "required" but tools is empty'
  if (name === undefined || tools.some((tool) => tool.name === name)) return undefined
  return `tool named ${JSON.stringify(name)} in tool_choice is not present in tools`
}

/**
 * What Dynamo since 1.3 wants of the arguments of tool calls that come back in
 * a conversation: a model that once wrote them wrong blocks it for good.
 * Arguments that are empty pass.
 */
export function findArgumentsProblem(messages: readonly unknown[]): string | undefined {
  for (const [index, message] of messages.entries()) {
    const calls = isFields(message) && Array.isArray(message.tool_calls) ? (message.tool_calls as unknown[]) : []
    for (const [position, call] of calls.entries()) {
      const target = isFields(call) && isFields(call.function) ? call.function : {}
      const problem = typeof target.arguments === 'string' ? findObjectProblem(target.arguments) : undefined
      if (problem !== undefined) {
        const place = `messages[${index}].tool_calls[${position}].function.arguments`
        return `\`${place}\` must be a valid JSON object string${problem}`
      }
    }
  }
  return undefined
}

function findObjectProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined
  try {
    return isFields(JSON.parse(text)) ? undefined : ''
  } catch {
    const fault = findSyntaxFault(text)
    return fault === undefined ? '' : `: ${fault.message} at line ${fault.line} column ${fault.column}`
  }
}
