// SPDX-License-Identifier: Apache-2.0
import type { traceEventSchema } from '@dynamo-agent/core/schemas'

/** What is wrong at one place of a row. */
export interface RowFault {
  /** Where inside the row, as `event.request.ttft_ms`; empty for the row itself. */
  readonly path: string
  /** What is expected there, and what was found. */
  readonly message: string
}

/** What a schema says about a row that it refuses. */
export type Issue = NonNullable<ReturnType<typeof traceEventSchema.safeParse>['error']>['issues'][number]
type Path = readonly PropertyKey[]

/** Longer texts are cut: a fault is to be read, not the row. */
const MAX_QUOTED = 60

/** Says in words what a schema found wrong with a row. */
export function describeIssue(issue: Issue, row: unknown): RowFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describe([...issue.path, key], 'expected no such key', row))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const inner = nearestBranch(issue.errors)
    const isBelow = inner.some(({ path }) => path.length > 0)
    if (isBelow) {
      return inner.flatMap((below) => describeIssue({ ...below, path: [...issue.path, ...below.path] }, row))
    }
  }
  return [describe(issue.path, issue.code === 'custom' ? issue.message : `expected ${expectation(issue, row)}`, row)]
}

function describe(path: Path, expected: string, row: unknown): RowFault {
  return { path: formatPath(path), message: `${expected}, found ${describeValue(valueAt(row, path))}` }
}

/** Of the forms that a value may have, the one that it comes nearest to: the others' faults would only confuse. */
function nearestBranch(branches: readonly Issue[][]): Issue[] {
  const faultCount = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
  return branches.reduce((nearest, branch) => (faultCount(branch) < faultCount(nearest) ? branch : nearest))
}

function expectation(issue: Issue, row: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeof valueAt(row, issue.path) === 'bigint' ? 'an integer below 2^53' : typeName(issue.expected)
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty'
      return `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string'
        ? `a text of at most ${issue.maximum} characters`
        : `a number of at most ${issue.maximum}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_union':
      return issue.discriminator === undefined ? eitherOf(issue.errors.flat()) : oneOf(discriminatorsOf(issue))
    default:
      return `something else (${issue.message})`
  }
}

function discriminatorsOf(issue: Issue): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : []
}

/** A u64 is a number or a bigint to the schema, depending on its size; on the wire it is one thing. */
function eitherOf(issues: readonly Issue[]): string {
  const types = new Set(issues.map((issue) => (issue.code === 'invalid_type' ? issue.expected : 'int')))
  if (types.has('bigint')) return 'an unsigned 64-bit integer'
  return [...types].map(typeName).join(' or ')
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value))
  return quoted.length > 1 ? `one of ${quoted.join(', ')}` : quoted.join()
}

function typeName(type: string): string {
  switch (type) {
    case 'string':
      return 'a text'
    case 'boolean':
      return 'true or false'
    case 'object':
    case 'record':
      return 'an object'
    case 'array':
      return 'an array'
    case 'int':
      return 'an integer'
    default:
      return `a ${type}`
  }
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
}

function valueAt(row: unknown, path: Path): unknown {
  let value = row
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key]
  }
  return value
}

function formatPath(path: Path): string {
  return path.map(formatKey).join('').replace(/^\./, '')
}

function formatKey(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`
  const name = String(key)
  return /^\w+$/.test(name) ? `.${name}` : `[${quote(name)}]`
}

/** A text in quotes, of which nothing is left that a terminal could act on. */
function quote(text: string): string {
  const short = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
  return JSON.stringify(short).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
