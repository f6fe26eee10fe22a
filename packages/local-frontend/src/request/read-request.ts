// SPDX-License-Identifier: Apache-2.0
import type { GenerationTraits } from '../generation.ts'
import { errorReply, textReply, type Reply } from '../http/reply.ts'
import { findDuplicateKeys, type Aliases, type DuplicateKey } from './duplicate-keys.ts'
import { isJsonBody, type JsonBody } from './json-body.ts'
import { findPosition, TRAILING, type JsonFault, type TextPosition } from './json-text.ts'
import type { KnownKeys } from './known-keys.ts'
import { findNvextProblem, isNvextMember } from './nvext-rules.ts'
import { parseJson } from './parse-json.ts'
import { firstRefusal, type Rule } from './rules.ts'
import { findKindProblem, formatPath, typeProblem, type FieldProblem, type Kind } from './serde.ts'

/** What Dynamo wants of the bodies of one kind of request. */
export interface BodyRules {
  /** What errors call the body. */
  readonly struct: string
  readonly keys: KnownKeys
  /** Types of keys that are read in passing, besides `nvext`. */
  readonly kinds: Readonly<Record<string, Kind>>
  readonly aliases: (modern: boolean) => Aliases
  /** The keys of objects inside that are read as structs, by their paths; `*` stands for any item of a list. */
  readonly structs: ReadonlyMap<string, readonly string[]>
  /** The first thing of a wrong type among the other keys. */
  readonly findTypeProblem: (body: JsonBody, modern: boolean) => string | undefined
  /** What it wants of values, in the order in which it looks. */
  readonly rules: readonly Rule[]
}

/** An accepted body has its keys under their own names. */
export type ReadRequest =
  { readonly accepted: true; readonly body: JsonBody } | { readonly accepted: false; readonly reply: Reply }

export interface ReadScope {
  readonly traits: GenerationTraits
  readonly serves: (model: string) => boolean
}

/**
 * Reads a body as Dynamo does: first as JSON of the right types, then by the
 * rules for values. Statuses and texts are those measured on 1.2.1 and 1.6.1.
 */
export function readRequest(text: string, bodyRules: BodyRules, { traits, serves }: ReadScope): ReadRequest {
  const read = readTypedBody(text, bodyRules, traits)
  if ('reply' in read) return { accepted: false, reply: read.reply }
  const { body } = read
  const refusal = firstRefusal(bodyRules.rules, body, { modern: traits.strictNvext, serves })
  return refusal === undefined
    ? { accepted: true, body }
    : { accepted: false, reply: errorReply(refusal.status, refusal.message) }
}

/** A body of the right types, or why it is none. */
type TypedBody = { readonly body: JsonBody } | { readonly reply: Reply }

function readTypedBody(text: string, bodyRules: BodyRules, traits: GenerationTraits): TypedBody {
  const read = parseJson(text)
  if ('fault' in read) return readFaultyBody(text, read.fault, { bodyRules, traits })
  const { value: body, keys } = read
  if (!isJsonBody(body)) {
    const { message } = typeProblem(body, `struct ${bodyRules.struct}`, [])
    // A list is refused before its first byte is taken.
    return { reply: typeReply(message, Array.isArray(body) ? { line: 1, column: 0 } : endOf(text)) }
  }
  const aliases = bodyRules.aliases(traits.strictNvext)
  const duplicates = findDuplicateKeys({ text, body, keys }, aliases)
  const reply =
    findPassingReply(text, { body, duplicates, bodyRules, traits }) ??
    findEndReply(text, { body, duplicates, bodyRules, traits })
  return reply === undefined ? { body: withOwnNames(body, aliases) } : { reply }
}

/** That something follows is noticed when the body has been read; 1.2 does not look. */
function readFaultyBody(
  text: string,
  fault: JsonFault,
  { bodyRules, traits }: Pick<Parsed, 'bodyRules' | 'traits'>,
): TypedBody {
  if (fault.message !== TRAILING) return { reply: syntaxReply(fault, traits) }
  const before = readTypedBody(text.slice(0, fault.length - 1), bodyRules, traits)
  return 'reply' in before || !traits.readsToTheEnd ? before : { reply: syntaxReply(fault, traits) }
}

function withOwnNames(body: JsonBody, aliases: Aliases): JsonBody {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [aliases.get(key) ?? key, value]))
}

interface Parsed {
  readonly body: JsonBody
  readonly duplicates: readonly DuplicateKey[]
  readonly bodyRules: BodyRules
  readonly traits: GenerationTraits
}

/** What is wrong with the keys that are read as they come: 1.2 names the path of the value, or of the object. */
function findPassingReply(text: string, { body, duplicates, bodyRules, traits }: Parsed): Reply | undefined {
  const modern = traits.strictNvext
  const named = (path: readonly string[], message: string) =>
    traits.errorsNamePath && path.length > 0 ? `${formatPath(path)}: ${message}` : message

  const problem = findNvextProblem(body.nvext, modern) ?? findKindsProblem(body, bodyRules, modern)
  if (problem !== undefined) {
    const { message, path, after, noticedAt = path } = problem
    const said = after === 'value' ? named(path, message) : message
    return typeReply(said, findPosition(text, { path: noticedAt, after }))
  }
  const twice = duplicates.find(({ path }) => {
    const [key = '', ...below] = path
    if (bodyRules.keys.reading(key, modern) !== 'in-passing') return false
    return below.length === 0 || (key === 'nvext' && isNvextMember(below, modern))
  })
  return twice && typeReply(named(twice.path.slice(0, -1), duplicateField(twice)), twice.position())
}

/** What is wrong with the others is noticed, and its place told, at the end of the body. */
function findEndReply(text: string, { body, duplicates, bodyRules, traits }: Parsed): Reply | undefined {
  const modern = traits.strictNvext
  const twice = duplicates.find(({ path }) => {
    const key = path.at(-1) ?? ''
    if (path.length === 1) return bodyRules.keys.reading(key, modern) === 'at-the-end'
    const object = path.slice(0, -1).map((step) => (/^\d+$/.test(step) ? '*' : step))
    return bodyRules.structs.get(object.join('.'))?.includes(key) === true
  })
  const message = twice === undefined ? bodyRules.findTypeProblem(body, modern) : duplicateField(twice)
  return message === undefined ? undefined : typeReply(message, endOf(text))
}

function findKindsProblem(body: JsonBody, { keys, kinds }: BodyRules, modern: boolean): FieldProblem | undefined {
  for (const [key, value] of Object.entries(body)) {
    const kind = Object.hasOwn(kinds, key) && keys.reading(key, modern) !== undefined ? kinds[key] : undefined
    const problem = kind && findKindProblem(value, kind, [key])
    if (problem) return problem
  }
  return undefined
}

function duplicateField({ path }: DuplicateKey): string {
  return `duplicate field \`${path.at(-1) ?? ''}\``
}

function endOf(text: string): TextPosition {
  return findPosition(text, { path: [], after: 'value' })
}

const typeErrorPrefix = 'Failed to deserialize the JSON body into the target type: '

function typeReply(message: string, { line, column }: TextPosition): Reply {
  return errorReply(400, `${typeErrorPrefix}${message} at line ${line} column ${column}`)
}

function syntaxReply(fault: JsonFault, { jsonRejections, errorsNamePath }: GenerationTraits): Reply {
  const place = errorsNamePath && fault.path.length > 0 ? `${formatPath(fault.path)}: ` : ''
  const said = `${fault.message} at line ${fault.line} column ${fault.column}`
  return jsonRejections
    ? errorReply(400, typeErrorPrefix + said)
    : textReply(400, `Failed to parse the request body as JSON: ${place}${said}`)
}
