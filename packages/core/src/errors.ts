// SPDX-License-Identifier: Apache-2.0

const marker = Symbol.for('dynamo-agent.error')

/** Every code a DynamoAgentError can carry. `docs/errors.md` gives cause and cure of each. */
export type ErrorCode =
  | 'DYN_INVALID_IDENTITY'
  | 'DYN_INVALID_ENVIRONMENT'
  | 'DYN_INVALID_ENDPOINT'
  | 'DYN_INVALID_OPTION'
  | 'DYN_INVALID_SCRIPT'
  | 'DYN_COMMAND_LINE'
  | 'DYN_COMMAND_FAILED'
  | 'DYN_INPUT_NOT_FOUND'
  | 'DYN_INPUT_EMPTY'
  | 'DYN_INPUT_NOT_A_TRACE'
  | 'DYN_OUTPUT_UNWRITABLE'
  | 'DYN_THREAD_FAILED'
  | 'DYN_WASM_UNAVAILABLE'
  | 'DYN_PORT_IN_USE'
  | 'DYN_HTTP_STATUS'
  | 'DYN_HTTP_UNREACHABLE'
  | 'DYN_HTTP_INVALID_BODY'
  | 'DYN_ZMQ_UNAVAILABLE'
  | 'DYN_DEMO_UNAVAILABLE'
  | 'DYN_DEMO_FAILED'

export interface DynamoAgentErrorOptions {
  readonly code: ErrorCode
  /** What went wrong, in one line, without a full stop's worth of advice. */
  readonly message: string
  /** One sentence on what to do about it. */
  readonly advice: string
  readonly cause?: unknown
}

/**
 * The one error class of dynamo-agent. Match on `code`, or use
 * `DynamoAgentError.isInstance`, which also holds across duplicate installs.
 */
export class DynamoAgentError extends Error {
  readonly code: ErrorCode
  /** One sentence on what to do about it. */
  readonly advice: string

  constructor(options: DynamoAgentErrorOptions) {
    super(options.message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'DynamoAgentError'
    this.code = options.code
    this.advice = options.advice
    Object.defineProperty(this, marker, { value: true })
  }

  static isInstance(value: unknown): value is DynamoAgentError {
    return typeof value === 'object' && value !== null && marker in value
  }
}
