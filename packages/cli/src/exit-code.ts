// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from '@dynamo-agent/core'

/** Who is at fault: 1 an input, a service or the machine, 2 the command line. */
const exitCodes: Readonly<Record<ErrorCode, 1 | 2>> = {
  DYN_INVALID_IDENTITY: 2,
  DYN_INVALID_ENVIRONMENT: 2,
  DYN_INVALID_ENDPOINT: 2,
  DYN_INVALID_OPTION: 2,
  DYN_INVALID_SCRIPT: 1,
  DYN_COMMAND_LINE: 2,
  DYN_COMMAND_FAILED: 1,
  DYN_INPUT_NOT_FOUND: 2,
  DYN_INPUT_EMPTY: 1,
  DYN_INPUT_NOT_A_TRACE: 1,
  DYN_OUTPUT_UNWRITABLE: 2,
  DYN_THREAD_FAILED: 1,
  DYN_WASM_UNAVAILABLE: 1,
  DYN_PORT_IN_USE: 1,
  DYN_HTTP_STATUS: 1,
  DYN_HTTP_UNREACHABLE: 1,
  DYN_HTTP_INVALID_BODY: 1,
  DYN_ZMQ_UNAVAILABLE: 1,
  DYN_DEMO_UNAVAILABLE: 1,
  DYN_DEMO_FAILED: 1,
}

/** The exit code that goes with an error; a code that a newer package added counts as 1. */
export function exitCodeOf(code: ErrorCode): number {
  return (exitCodes as Readonly<Partial<Record<ErrorCode, number>>>)[code] ?? 1
}
