// SPDX-License-Identifier: Apache-2.0

/** What the names of Dynamo's own trace variables begin with: 1.2 reads the first, 1.3 and later the second. */
export type TracePrefix = 'DYN_AGENT_TRACE' | 'DYN_REQUEST_TRACE'

/** A variable that a Dynamo frontend reads to trace. */
export interface TraceVariable {
  readonly name: string
  /** The first release that reads it; none but 1.2 reads its own. */
  readonly since: '1.2' | '1.3' | '1.4' | '1.5'
}

const shared = [
  '_SINKS',
  '_OUTPUT_PATH',
  '_CAPACITY',
  '_JSONL_BUFFER_BYTES',
  '_JSONL_FLUSH_INTERVAL_MS',
  '_JSONL_GZ_ROLL_BYTES',
  '_JSONL_GZ_ROLL_LINES',
  '_TOOL_EVENTS_ZMQ_ENDPOINT',
  '_TOOL_EVENTS_ZMQ_TOPIC',
]

const addedIn14 = [
  '_RECORDS',
  '_FILE_PATH',
  '_FILE_FORMAT',
  '_FILE_BUFFER_BYTES',
  '_FILE_FLUSH_INTERVAL_MS',
  '_FILE_ROLL_BYTES',
  '_FILE_ROLL_LINES',
  '_NATS_SUBJECT',
  '_OTEL_MAX_PAYLOAD_BYTES',
  '_HTTP_HEADER_CAPTURE_LIST',
]

const addedIn15 = ['_S3_BUCKET', '_S3_REGION', '_S3_PREFIX', '_S3_ROLL_UNCOMPRESSED_BYTES', '_S3_FLUSH_INTERVAL_MS']

/**
 * The names in the binaries of 1.2.1 to 1.6.1. `DYN_AGENT_TRACE` itself is in
 * none of them, but in the documentation of 1.2.
 */
export const traceVariables: readonly TraceVariable[] = [
  ...withPrefix('DYN_AGENT_TRACE', '1.2', ['', ...shared, '_REPLAY_HASHES']),
  ...withPrefix('DYN_REQUEST_TRACE', '1.3', ['', ...shared]),
  ...withPrefix('DYN_REQUEST_TRACE', '1.4', addedIn14),
  ...withPrefix('DYN_REQUEST_TRACE', '1.5', addedIn15),
]

/** Whether some release reads it. */
export function isTraceVariable(name: string): boolean {
  return traceVariables.some((variable) => variable.name === name)
}

function withPrefix(prefix: TracePrefix, since: TraceVariable['since'], ends: readonly string[]): TraceVariable[] {
  return ends.map((end) => ({ name: prefix + end, since }))
}
