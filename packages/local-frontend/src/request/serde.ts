// SPDX-License-Identifier: Apache-2.0

/** What is wrong with a value, in the words of serde, Dynamo's reader, and where. */
export interface FieldProblem {
  readonly message: string
  /** List items by their index. */
  readonly path: readonly string[]
  readonly after: 'key' | 'value'
  /** Where serde noticed, when that is not at `path`. */
  readonly noticedAt?: readonly string[]
}

export type Fields = Readonly<Record<string, unknown>>

/** The types that Dynamo's fields have. All are optional, and null is as good as absent. */
export type Kind =
  'bool' | 'u8' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64' | 'string' | 'string[]' | 'u32[]' | 'map'

/** The first thing in a value that is not of its type. */
export function findKindProblem(value: unknown, kind: Kind, path: readonly string[]): FieldProblem | undefined {
  if (value === null || value === undefined) return undefined
  if (kind !== 'string[]' && kind !== 'u32[]') return matches(value, kind) ? undefined : typeProblem(value, kind, path)
  if (!Array.isArray(value)) return typeProblem(value, 'a sequence', path)
  const item = kind === 'string[]' ? 'string' : 'u32'
  const wrong = value.findIndex((element) => !matches(element, item))
  return wrong === -1 ? undefined : typeProblem(value[wrong], item, [...path, String(wrong)])
}

/** @param expected A kind, or what serde calls the type. */
export function typeProblem(value: unknown, expected: string, path: readonly string[]): FieldProblem {
  const range = integerRanges[expected]
  const wrongValue = range !== undefined && Number.isInteger(value) && isPlainInteger(value as number)
  return {
    message: `invalid ${wrongValue ? 'value' : 'type'}: ${describe(value)}, expected ${articles[expected] ?? expected}`,
    path,
    after: 'value',
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A path as Dynamo 1.2 writes it. */
export function formatPath(path: readonly string[]): string {
  return path.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

const integerRanges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  u8: [0, 255],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  i64: [-(2 ** 63), 2 ** 63],
  u64: [0, 2 ** 64],
}

const articles: Readonly<Record<string, string>> = { bool: 'a boolean', string: 'a string', map: 'a map' }

function matches(value: unknown, kind: Exclude<Kind, 'string[]' | 'u32[]'>): boolean {
  switch (kind) {
    case 'bool':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'map':
      return isFields(value)
    case 'f32':
    case 'f64':
      return typeof value === 'number'
    case 'u8':
    case 'i32':
    case 'u32':
    case 'i64':
    case 'u64': {
      const [least = 0, most = 0] = integerRanges[kind] ?? []
      return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    }
  }
}

/** Whether serde sees an integer: a number with an exponent is a floating point one to it. */
function isPlainInteger(value: number): boolean {
  return !String(value).includes('e')
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`
  if (typeof value === 'boolean') return `boolean \`${value}\``
  if (typeof value === 'number') {
    return `${Number.isInteger(value) && isPlainInteger(value) ? 'integer' : 'floating point'} \`${value}\``
  }
  return Array.isArray(value) ? 'sequence' : 'map'
}

export function missingField(key: string): string {
  return `missing field \`${key}\``
}

export function unknownVariant(value: string, variants: readonly string[]): string {
  return `unknown variant \`${value}\`, ${expectedNames(variants)}`
}

/** What serde says of a value that fits none of several forms. */
export function noVariant(name: string): string {
  return `data did not match any variant of untagged enum ${name}`
}

/** What is wrong with the value of an enum without contents. */
export function findVariantProblem(value: unknown, variants: readonly string[]): string | undefined {
  // serde takes a map for a variant with contents; nobody sends one.
  if (isFields(value)) return undefined
  if (typeof value !== 'string') return typeProblem(value, 'string or map', []).message
  return variants.includes(value) ? undefined : unknownVariant(value, variants)
}

/** The first thing that is wrong with the items of a list. */
export function findListProblem(
  value: unknown,
  findProblem: (item: unknown) => string | undefined,
): string | undefined {
  if (!Array.isArray(value)) return typeProblem(value, 'a sequence', []).message
  for (const item of value as unknown[]) {
    const problem = findProblem(item)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** serde's list of what it would have taken. */
export function expectedNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  if (quoted.length === 1) return `expected ${quoted.join('')}`
  return quoted.length === 2 ? `expected ${quoted.join(' or ')}` : `expected one of ${quoted.join(', ')}`
}
