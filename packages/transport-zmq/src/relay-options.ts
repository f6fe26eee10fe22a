// SPDX-License-Identifier: Apache-2.0
import {
  connectableEndpoint,
  DEFAULT_TOOL_EVENT_QUEUE_CAPACITY,
  DEFAULT_TOOL_EVENT_TOPIC,
  DynamoAgentError,
  type Dialect,
} from '@dynamo-agent/core'

export interface ToolEventRelayOptions {
  /** Dynamo's PULL endpoint, such as `tcp://127.0.0.1:20390`; a bind form (`tcp://*:20390`) means this host. */
  readonly endpoint: string
  /** How the frontend wants tool events; a function is asked for each event when it is written, not when it is sent. */
  readonly dialect: Dialect | (() => Dialect)
  /** First frame of each message. @defaultValue `agent-tool-events` */
  readonly topic?: string
  /** Events that wait at most while no receiver takes them; more are dropped. @defaultValue 100000 */
  readonly capacity?: number
  /**
   * Milliseconds that `flush`, `close` and the exit of the process wait for a
   * receiver that takes nothing. While one takes events they go on, for 5
   * seconds more at most.
   * @defaultValue 500
   */
  readonly lingerMs?: number
}

/** The options with everything decided. */
export interface ResolvedOptions {
  readonly endpoint: string
  readonly dialect: () => Dialect
  readonly topic: Uint8Array
  readonly capacity: number
  readonly lingerMs: number
}

/** @throws DynamoAgentError `DYN_INVALID_ENDPOINT`, `DYN_INVALID_OPTION` */
export function resolveOptions(options: ToolEventRelayOptions): ResolvedOptions {
  const { dialect, capacity = DEFAULT_TOOL_EVENT_QUEUE_CAPACITY, lingerMs = 500 } = options
  const endpoint = connectableEndpoint(options.endpoint)
  if (endpoint === undefined) throw invalidEndpoint(options.endpoint)
  checkNumber('capacity', capacity, 1)
  checkNumber('lingerMs', lingerMs, 0)
  return {
    endpoint,
    dialect: typeof dialect === 'function' ? dialect : () => dialect,
    topic: Buffer.from(options.topic ?? DEFAULT_TOOL_EVENT_TOPIC),
    capacity,
    lingerMs,
  }
}

export function invalidEndpoint(endpoint: string, cause?: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_INVALID_ENDPOINT',
    message: `${JSON.stringify(endpoint)} is not a ZeroMQ endpoint to connect to`,
    advice: 'Give an endpoint such as tcp://127.0.0.1:20390 or ipc:///tmp/tool-events.',
    ...(cause !== undefined && { cause }),
  })
}

function checkNumber(name: 'capacity' | 'lingerMs', value: number, minimum: number): void {
  if (Number.isFinite(value) && value >= minimum) return
  throw new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: `${name} is ${value}`,
    advice: `Give a number of ${minimum} or more.`,
  })
}
