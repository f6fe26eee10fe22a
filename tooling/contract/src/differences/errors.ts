// SPDX-License-Identifier: Apache-2.0
import { since, type ByRelease } from '../by-release.ts'

/** The words of Dynamo's errors. */

/** A body whose types are wrong; the place is where Dynamo's reader noticed. */
export function notOfType(problem: string, column: number): string {
  return `400 Failed to deserialize the JSON body into the target type: ${problem} at line 1 column ${column}`
}

/** A body that is not JSON, up to 1.2. */
export function notJson(problem: string, column: number): string {
  return `400 text/plain; charset=utf-8: Failed to parse the request body as JSON: ${problem} at line 1 column ${column}`
}

/** A value that breaks a rule. */
export function invalid(problem: string): string {
  return `400 Validation: ${problem}`
}

export function unsupported(key: string): string {
  return invalid(`Unsupported parameter(s): \`${key}\``)
}

const nvextKeys = [
  ...['greed_sampling', 'use_raw_prompt', 'annotations', 'backend_instance_id', 'token_data', 'max_thinking_tokens'],
  ...['cache_salt', 'extra_fields', 'metadata_upload', 'prefill_worker_id', 'decode_worker_id', 'dp_rank'],
  ...['prefill_dp_rank', 'agent_hints', 'request_timestamp_ms', 'routing_constraints', 'router'],
]

export function unknownNvextKey(key: string, column: number): string {
  return notOfType(
    `unknown field \`${key}\`, expected one of ${nvextKeys.map((name) => `\`${name}\``).join(', ')}`,
    column,
  )
}

/** A value of a wrong type inside `nvext`: 1.2 names its path, later releases do not. */
export function wrongType(path: string, problem: string, column: number): ByRelease<string> {
  return since(notOfType(`${path}: ${problem}`, column), { '1.3.1': notOfType(problem, column) })
}
