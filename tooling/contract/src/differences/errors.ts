// SPDX-License-Identifier: Apache-2.0
import { since, type ByRelease } from '../by-release.ts'
import type { Case } from './cases.ts'

/** The words of Dynamo's errors. */

/** A body whose types are wrong; the place is where Dynamo's reader noticed. */
export function notOfType(problem: string, column: number): string {
  return `400 Failed to deserialize the JSON body into the target type: ${problem} at line 1 column ${column}`
}

/** A value that has none of the forms it may have. */
export function noVariant(name: string, column: number): string {
  return notOfType(`data did not match any variant of untagged enum ${name}`, column)
}

export function unknownVariant(value: string, known: readonly string[], column: number): string {
  return notOfType(`unknown variant \`${value}\`, expected one of ${quoted(known)}`, column)
}

/** A body that is not JSON: up to 1.2, and for responses up to 1.4. */
export function notJson(problem: string, column: number): string {
  return `400 text/plain; charset=utf-8: Failed to parse the request body as JSON: ${problem} at line 1 column ${column}`
}

/** The same of the JSON of a body: 1.2 says it in plain text and names the path, later releases do not. */
export function notJsonAt(path: string, problem: string, column: number): ByRelease<string> {
  return since(notJson(path === '' ? problem : `${path}: ${problem}`, column), { '1.3.1': notOfType(problem, column) })
}

/** A value that breaks a rule. */
export function invalid(problem: string): string {
  return `400 Validation: ${problem}`
}

export function unsupported(key: string): string {
  return invalid(`Unsupported parameter(s): \`${key}\``)
}

/** 1.2 and 1.3 wait for ever when asked for no token; that is not worth copying. */
export function noTokens(problem: string): NonNullable<Case['ours']> {
  return {
    answers: { 'local-frontend 1.2': invalid(problem) },
    why: 'Asked for no token, 1.2.1 never answers, and its worker does not come to rest. Here it is refused as later.',
  }
}

/** More stop texts than a release counts. */
export function tooManyStops(count: number): ByRelease<string> {
  const problem = `Maximum of 32 stop sequences allowed, got ${count}`
  return since(invalid(problem), { '1.6.1': `400 ${problem}` })
}

/** Several of `guided_json` and its kin: 1.2 shows what it got as Rust does, 1.6 names it. */
export function severalConstraints(options: string, names: string): ByRelease<string> {
  const problem = 'Only one of json, regex, choice, or grammar can be set, but multiple are specified'
  return since(`500 Failed to generate completions: ${problem}: GuidedDecodingOptions { ${options} }`, {
    '1.3.1': '500 Failed to generate completions',
    '1.6.1': names === '' ? '200' : `400 Only one guided-decoding constraint can be set; received: ${names}`,
  })
}

/** A tool's name of characters that no identifier has. */
export function badToolName(index: number, name: string): string {
  const allowed = 'Only a-z, A-Z, 0-9, underscores, and dashes are allowed.'
  return `Function at index ${index} has an invalid name: "${name}". ${allowed}`
}

const nvextKeys = [
  ...['greed_sampling', 'use_raw_prompt', 'annotations', 'backend_instance_id', 'token_data', 'max_thinking_tokens'],
  ...['cache_salt', 'extra_fields', 'metadata_upload', 'prefill_worker_id', 'decode_worker_id', 'dp_rank'],
  ...['prefill_dp_rank', 'agent_hints', 'request_timestamp_ms', 'routing_constraints', 'router'],
]

/** @param place Named before it for responses of 1.3 and 1.4. */
export function unknownNvextKey(key: string, column: number, place?: string): string {
  return unknownField(key, { known: nvextKeys, column, place })
}

const hints = ['priority', 'strict_priority', 'osl', 'speculative_prefill', 'latency_sensitivity']

/** The same of `nvext.agent_hints`. */
export function unknownHint(key: string, column: number, place?: string): string {
  return unknownField(key, { known: hints, column, place })
}

function unknownField(
  key: string,
  { known, column, place }: { known: readonly string[]; column: number; place: string | undefined },
): string {
  const problem = `unknown field \`${key}\`, expected one of ${quoted(known)}`
  return notOfType(place === undefined ? problem : `${place}: ${problem}`, column)
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

/** A value of a wrong type inside `nvext`: 1.2 names its path, later releases do not. */
export function wrongType(path: string, problem: string, column: number): ByRelease<string> {
  return since(notOfType(`${path}: ${problem}`, column), { '1.3.1': notOfType(problem, column) })
}

/** A range that 1.2 and 1.3 leave to what serves a response, which fails. */
export function outOfRange(
  key: string,
  given: number,
  { problem, range }: { problem: string; range: string },
): ByRelease<string> {
  return since(`500 Failed to generate completions: Error validating ${key}: Value ${given} is out of range ${range}`, {
    '1.3.1': '500 Failed to generate completions',
    '1.4.2': `400 ${problem}`,
    '1.5.1': invalid(problem),
  })
}
