// SPDX-License-Identifier: Apache-2.0
import {
  expectedNames,
  findKindProblem,
  isFields,
  typeProblem,
  type FieldProblem,
  type Fields,
  type Kind,
} from './serde.ts'

/** A struct inside `nvext`. */
interface Struct {
  /** As errors call it. */
  readonly name: string
  readonly fields: Readonly<Record<string, Kind | Struct>>
  readonly required?: readonly string[]
}

/** Dynamo 1.2 does not know `strict_priority`. */
const agentHints = (strict: boolean): Struct => ({
  name: 'AgentHints',
  fields: {
    priority: 'i32',
    ...(strict && { strict_priority: 'u32' }),
    osl: 'u32',
    speculative_prefill: 'bool',
    latency_sensitivity: 'f64',
  },
})

/** The keys of `nvext` in Dynamo 1.3 and later, in the order in which its errors list them (measured). */
const strictNvext: Struct = {
  name: 'NvExt',
  fields: {
    greed_sampling: 'bool',
    use_raw_prompt: 'bool',
    annotations: 'string[]',
    backend_instance_id: 'u64',
    token_data: 'u32[]',
    max_thinking_tokens: 'u32',
    cache_salt: 'string',
    extra_fields: 'string[]',
    metadata_upload: { name: 'MetadataUpload', fields: { url: 'string', fallback_url: 'string' }, required: ['url'] },
    prefill_worker_id: 'u64',
    decode_worker_id: 'u64',
    dp_rank: 'u32',
    prefill_dp_rank: 'u32',
    agent_hints: agentHints(true),
    request_timestamp_ms: 'f64',
    routing_constraints: {
      name: 'RoutingConstraints',
      fields: { required_taints: 'string[]', preferred_taints: 'map' },
    },
    router: { name: 'Router', fields: { ttft_target: 'f64', itl_target: 'f64' } },
  },
}

/** Likewise of 1.2, which ignores what it does not know. */
const looseNvext: Struct = {
  name: 'NvExt',
  fields: {
    greed_sampling: 'bool',
    use_raw_prompt: 'bool',
    annotations: 'string[]',
    backend_instance_id: 'u64',
    token_data: 'u32[]',
    max_thinking_tokens: 'u32',
    extra_fields: 'string[]',
    prefill_worker_id: 'u64',
    decode_worker_id: 'u64',
    agent_hints: agentHints(false),
    request_timestamp_ms: 'f64',
    agent_context: {
      name: 'AgentContext',
      fields: {
        session_type_id: 'string',
        session_id: 'string',
        trajectory_id: 'string',
        parent_trajectory_id: 'string',
      },
      required: ['session_type_id', 'session_id', 'trajectory_id'],
    },
  },
}

/** The first thing that Dynamo would refuse in `nvext`, in the order of the body. */
export function findNvextProblem(nvext: unknown, strict: boolean): FieldProblem | undefined {
  return findStructProblem(nvext, strict ? strictNvext : looseNvext, { path: ['nvext'], strict })
}

/** Whether a path below `nvext` leads to a key that Dynamo reads. */
export function isNvextMember(path: readonly string[], strict: boolean): boolean {
  let at: Kind | Struct | undefined = strict ? strictNvext : looseNvext
  for (const key of path) {
    if (typeof at !== 'object') return false
    at = Object.hasOwn(at.fields, key) ? at.fields[key] : undefined
  }
  return at !== undefined
}

interface Place {
  readonly path: readonly string[]
  /** Unknown keys are errors. */
  readonly strict: boolean
}

function findStructProblem(value: unknown, struct: Struct, place: Place): FieldProblem | undefined {
  // serde fills a struct from a list too, by position; nobody sends one, so its items are not looked at.
  if (value === null || value === undefined || Array.isArray(value)) return undefined
  if (!isFields(value)) return typeProblem(value, `struct ${struct.name}`, place.path)
  for (const key of Object.keys(value)) {
    const problem = findMemberProblem(value, key, { struct, ...place })
    if (problem !== undefined) return problem
  }
  const missing = struct.required?.find((key) => value[key] === undefined)
  return missing === undefined
    ? undefined
    : { message: `missing field \`${missing}\``, path: place.path, after: 'value' }
}

function findMemberProblem(fields: Fields, key: string, { struct, path, strict }: Place & { struct: Struct }) {
  const kind = Object.hasOwn(struct.fields, key) ? struct.fields[key] : undefined
  const value = fields[key]
  const place = [...path, key]
  if (kind === undefined) return strict ? unknownField(key, struct, place) : undefined
  if (typeof kind !== 'string') return findStructProblem(value, kind, { path: place, strict })
  if (struct.required?.includes(key)) {
    if (typeof value !== 'string') return typeProblem(value, 'string', place)
    if (value.trim() === '') return emptyIdentifier(fields, place)
  }
  return findKindProblem(value, kind, place)
}

function unknownField(key: string, struct: Struct, path: readonly string[]): FieldProblem {
  const message = `unknown field \`${key}\`, ${expectedNames(Object.keys(struct.fields))}`
  return { message, path, after: 'key' }
}

/** After its last member serde has read the end of the struct when it comes to look at the value. */
function emptyIdentifier(fields: Fields, path: readonly string[]): FieldProblem {
  const isLast = Object.keys(fields).at(-1) === path.at(-1)
  return {
    message: 'agent_context required identifiers must be non-empty',
    path,
    after: 'value',
    ...(isLast && { noticedAt: path.slice(0, -1) }),
  }
}
