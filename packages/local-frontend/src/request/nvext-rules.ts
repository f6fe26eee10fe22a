// SPDX-License-Identifier: Apache-2.0

/** What is wrong with a value, in serde's words, and where. */
export interface FieldProblem {
  readonly message: string
  readonly path: readonly string[]
  readonly after: 'key' | 'value'
}

type Kind = 'bool' | 'i32' | 'u32' | 'u64' | 'f64' | 'string' | 'string[]' | 'u32[]' | 'object'

/** The keys of `nvext` in Dynamo 1.3 and later, in the order in which its errors list them (measured). */
const nvextFields: Readonly<Record<string, Kind>> = {
  greed_sampling: 'bool',
  use_raw_prompt: 'bool',
  annotations: 'string[]',
  backend_instance_id: 'u64',
  token_data: 'u32[]',
  max_thinking_tokens: 'u32',
  cache_salt: 'string',
  extra_fields: 'string[]',
  metadata_upload: 'object',
  prefill_worker_id: 'u64',
  decode_worker_id: 'u64',
  dp_rank: 'u32',
  prefill_dp_rank: 'u32',
  agent_hints: 'object',
  request_timestamp_ms: 'f64',
  routing_constraints: 'object',
  router: 'object',
}

/** Likewise of `nvext.agent_hints`. Dynamo 1.2 does not know `strict_priority`. */
const hintFields: Readonly<Record<string, Kind>> = {
  priority: 'i32',
  strict_priority: 'u32',
  osl: 'u32',
  speculative_prefill: 'bool',
  latency_sensitivity: 'f64',
}

/** The ids that Dynamo 1.2 requires in `nvext.agent_context`. */
const contextFields = ['session_type_id', 'session_id', 'trajectory_id'] as const

/** The first thing that Dynamo would refuse in `nvext`, in the order of the body. */
export function findNvextProblem(nvext: unknown, strict: boolean): FieldProblem | undefined {
  if (nvext === undefined || nvext === null) return undefined
  if (!isFields(nvext)) return typeProblem(nvext, 'object', ['nvext'])
  for (const [key, value] of Object.entries(nvext)) {
    const path = ['nvext', key]
    if (!strict && key === 'agent_context') {
      const problem = findContextProblem(value, path)
      if (problem !== undefined) return problem
      continue
    }
    if (key === 'agent_hints' && isFields(value)) {
      const known = strict ? hintFields : { ...hintFields, strict_priority: undefined }
      const problem = findFieldProblem(value, { known, strict, path })
      if (problem !== undefined) return problem
      continue
    }
    const problem = findFieldProblem({ [key]: value }, { known: nvextFields, strict, path: ['nvext'] })
    if (problem !== undefined) return problem
  }
  return undefined
}

interface FieldRules {
  readonly known: Readonly<Record<string, Kind | undefined>>
  /** Unknown keys are errors. */
  readonly strict: boolean
  readonly path: readonly string[]
}

function findFieldProblem(fields: Fields, { known, strict, path }: FieldRules): FieldProblem | undefined {
  for (const [key, value] of Object.entries(fields)) {
    const kind = Object.hasOwn(known, key) ? known[key] : undefined
    const problem =
      kind === undefined
        ? strict && unknownField(key, { known, path })
        : !matches(value, kind) && typeProblem(value, kind, [...path, key])
    if (problem) return problem
  }
  return undefined
}

function unknownField(key: string, { known, path }: Pick<FieldRules, 'known' | 'path'>): FieldProblem {
  const expected = Object.keys(known).map((name) => `\`${name}\``)
  return {
    message: `unknown field \`${key}\`, expected one of ${expected.join(', ')}`,
    path: [...path, key],
    after: 'key',
  }
}

function findContextProblem(context: unknown, path: readonly string[]): FieldProblem | undefined {
  if (context === null) return undefined
  if (!isFields(context)) return typeProblem(context, 'object', path)
  for (const key of contextFields) {
    const value = context[key]
    if (value === undefined) return { message: `missing field \`${key}\``, path, after: 'value' }
    if (typeof value !== 'string') return typeProblem(value, 'string', [...path, key])
    if (value.trim() === '') {
      return { message: 'agent_context required identifiers must be non-empty', path, after: 'value' }
    }
  }
  return undefined
}

/** Every field is optional, and null is as good as absent. */
function matches(value: unknown, kind: Kind): boolean {
  if (value === null) return true
  switch (kind) {
    case 'bool':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'f64':
      return typeof value === 'number'
    case 'i32':
      return isInteger(value, -(2 ** 31), 2 ** 31 - 1)
    case 'u32':
      return isInteger(value, 0, 2 ** 32 - 1)
    case 'u64':
      return isInteger(value, 0, 2 ** 64)
    case 'string[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'u32[]':
      return Array.isArray(value) && value.every((item) => isInteger(item, 0, 2 ** 32 - 1))
    case 'object':
      return isFields(value)
  }
}

function typeProblem(value: unknown, kind: Kind, path: readonly string[]): FieldProblem {
  const wrongValue = /^[iu]/.test(kind) && Number.isInteger(value)
  return {
    message: `invalid ${wrongValue ? 'value' : 'type'}: ${describe(value)}, expected ${expectation(kind)}`,
    path,
    after: 'value',
  }
}

/** serde's words for what it found. */
function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`
  if (typeof value === 'boolean') return `boolean \`${value}\``
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'floating point'} \`${value}\``
  return Array.isArray(value) ? 'sequence' : 'map'
}

function expectation(kind: Kind): string {
  switch (kind) {
    case 'bool':
      return 'a boolean'
    case 'string':
      return 'a string'
    case 'string[]':
    case 'u32[]':
      return 'a sequence'
    case 'object':
      return 'a map'
    case 'i32':
    case 'u32':
    case 'u64':
    case 'f64':
      return kind
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
