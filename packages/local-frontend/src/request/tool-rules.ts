// SPDX-License-Identifier: Apache-2.0
import { parseJson } from './parse-json.ts'
import { isFields, type Fields } from './serde.ts'

/** A function that the model may call, however its endpoint writes it down. */
export interface FunctionTool {
  readonly name: unknown
  readonly parameters: unknown
  readonly strict: unknown
}

/** The first thing that `find` finds wrong with a tool. */
export function findToolsProblem(
  tools: readonly FunctionTool[],
  find: (tool: FunctionTool, index: number) => string | undefined,
): string | undefined {
  for (const [index, tool] of tools.entries()) {
    const problem = find(tool, index)
    if (problem !== undefined) return problem
  }
  return undefined
}

/**
 * What Dynamo wants of a tool's name. 1.2 takes any characters, but fewer.
 *
 * @param modern Whether the release is 1.3 or later, for which 1.6.1 stands.
 */
export function findNameProblem({ name }: FunctionTool, index: number, modern: boolean): string | undefined {
  if (typeof name !== 'string') return undefined
  if (name.trim() === '') return `Function name at index ${index} cannot be empty`
  const limit = modern ? 128 : 96
  const bytes = Buffer.byteLength(name)
  if (bytes > limit) return `Function name at index ${index} exceeds ${limit} character limit, got ${bytes} characters`
  return modern && !/^[\w-]+$/.test(name)
    ? `Function at index ${index} has an invalid name: "${name}". ` +
        'Only a-z, A-Z, 0-9, underscores, and dashes are allowed.'
    : undefined
}

/** What Dynamo since 1.5 wants of a tool's parameters. */
export function findParametersProblem({ name, parameters }: FunctionTool, index: number): string | undefined {
  return (parameters ?? undefined) === undefined || isFields(parameters)
    ? undefined
    : `Function parameters at index ${index} for ${JSON.stringify(name)} must be a JSON Schema object`
}

/** What Dynamo since 1.6 wants of the parameters of a tool that is `strict`. */
export function findStrictProblem({ name, parameters, strict }: FunctionTool): string | undefined {
  const problem = strict === true && isFields(parameters) ? findRootProblem(parameters) : undefined
  return problem && `Invalid schema for function '${String(name)}': In context=${problem}`
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
  const read = parseJson(text)
  if ('value' in read) return isFields(read.value) ? undefined : ''
  const { message, line, column } = read.fault
  return `: ${message} at line ${line} column ${column}`
}
