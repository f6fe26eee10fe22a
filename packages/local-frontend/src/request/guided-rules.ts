// SPDX-License-Identifier: Apache-2.0
import { asItems, fieldsOf, type JsonBody } from './json-body.ts'
import type { Rule } from './rules.ts'
import { isFields } from './serde.ts'

/** Ways to hold an answer to a form, of which a request may use one. */
interface Constraints {
  readonly json: unknown
  readonly regex: unknown
  readonly choice: unknown
  readonly grammar: unknown
}

/** In the order in which errors list them. What `response_format` asks for is JSON too. */
function constraintsOf(body: JsonBody): Constraints {
  return {
    json: body.guided_json ?? formatOf(body),
    regex: body.guided_regex,
    choice: asItems(body.guided_choice).length === 0 ? undefined : body.guided_choice,
    grammar: body.guided_grammar,
  }
}

function formatOf(body: JsonBody): unknown {
  const { type } = fieldsOf(body, 'response_format')
  if (type === 'json_object') return { type: 'object' }
  return type === 'json_schema' ? fieldsOf(fieldsOf(body, 'response_format'), 'json_schema').schema : undefined
}

function isGiven(value: unknown): boolean {
  return (value ?? undefined) !== undefined
}

/** As 1.6 says it, before it looks at other values. */
export const oneConstraint: Rule = (body) => {
  const given = Object.entries(constraintsOf(body)).filter(([, value]) => isGiven(value))
  if (given.length < 2) return undefined
  const names = given.map(([name]) => name).join(', ')
  return { status: 400, message: `Only one guided-decoding constraint can be set; received: ${names}` }
}

/** As 1.2 says it when it comes to serve the request; a pattern for white space counts too. */
export const oneServedConstraint: Rule = (body) => {
  const { guided_decoding_backend: backend, guided_whitespace_pattern: whitespace } = body
  const { json, regex, choice, grammar } = constraintsOf(body)
  if ([json, regex, choice, grammar, whitespace].filter(isGiven).length < 2) return undefined
  const options = [
    `json: ${debugOption(json, debugJson)}`,
    `regex: ${debugOption(regex)}`,
    `choice: ${debugOption(choice)}`,
    `grammar: ${debugOption(grammar)}`,
    `backend: ${debugOption(backend)}`,
    `whitespace_pattern: ${debugOption(whitespace)}`,
  ]
  const problem = 'Only one of json, regex, choice, or grammar can be set, but multiple are specified'
  return {
    status: 500,
    message: `Failed to generate completions: ${problem}: GuidedDecodingOptions { ${options.join(', ')} }`,
  }
}

/** An optional value as Rust shows it. */
function debugOption(value: unknown, debug: (value: unknown) => string = debugText): string {
  return isGiven(value) ? `Some(${debug(value)})` : 'None'
}

function debugText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(debugText).join(', ')}]` : JSON.stringify(value)
}

/** A JSON value as Rust shows it. */
function debugJson(value: unknown): string {
  if (isFields(value)) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${debugJson(member)}`)
    return `Object {${members.join(', ')}}`
  }
  if (Array.isArray(value)) return `Array [${value.map(debugJson).join(', ')}]`
  switch (typeof value) {
    case 'string':
      return `String(${JSON.stringify(value)})`
    case 'number':
      return `Number(${value})`
    case 'boolean':
      return `Bool(${value})`
    default:
      return 'Null'
  }
}
