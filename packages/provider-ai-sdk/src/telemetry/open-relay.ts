// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { ToolEventRelay, ToolEventRelayOptions } from '@dynamo-agent/transport-zmq'

/**
 * Makes a relay; the package that does, an optional peer, is loaded when it is
 * needed.
 *
 * @throws DynamoAgentError `DYN_ZMQ_UNAVAILABLE`, `DYN_INVALID_ENDPOINT`, `DYN_INVALID_OPTION`
 */
export async function openRelay(options: ToolEventRelayOptions): Promise<ToolEventRelay> {
  const { createToolEventRelay } = await import('@dynamo-agent/transport-zmq').catch((cause: unknown) => {
    throw new DynamoAgentError({
      code: 'DYN_ZMQ_UNAVAILABLE',
      message: '@dynamo-agent/transport-zmq, which sends tool events, cannot be loaded',
      advice: 'Run npm install @dynamo-agent/transport-zmq, or register without an endpoint.',
      cause,
    })
  })
  return createToolEventRelay(options)
}

/** A relay that belongs to somebody else: closing ours delivers what waits and leaves theirs open. */
export function borrowRelay(relay: ToolEventRelay): ToolEventRelay {
  return {
    send: relay.send,
    counters: relay.counters,
    get waitingMs() {
      return relay.waitingMs
    },
    get problem() {
      return relay.problem
    },
    beforeExit: (task) => relay.beforeExit(task),
    flush: () => relay.flush(),
    close: () => relay.flush(),
    [Symbol.asyncDispose]: () => relay.flush(),
  }
}
