// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { createRequire } from 'node:module'
import type * as ZeroMq from 'zeromq'

export type { ZeroMq }

const require = createRequire(import.meta.url)

/**
 * Loads the native module when it is first needed: about 20 ms and 34 MB on
 * disk that a process without tool events never pays for. It is required, not
 * imported, because a process that exits in its first turn has no event loop
 * left to import it with.
 *
 * @throws DynamoAgentError `DYN_ZMQ_UNAVAILABLE`
 */
export function loadZeroMq(): typeof ZeroMq {
  try {
    return require('zeromq') as typeof ZeroMq
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_ZMQ_UNAVAILABLE',
      message: `ZeroMQ cannot be loaded on ${process.platform}-${process.arch}`,
      advice: 'Install the package zeromq for this platform, or unset DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT.',
      cause,
    })
  }
}

/**
 * Closes a socket and waits until libzmq has let go of it: what it had taken
 * is on the wire (or its linger has passed), and a bound port is free again.
 *
 * `close` itself returns at once and leaves the rest to libzmq's own thread;
 * a process that then kills itself with a signal would lose what is still
 * inside. The monitor's last event is the one sign that the thread is done.
 */
export async function closeSocket(socket: ZeroMq.Push | ZeroMq.Pull, limitMs: number): Promise<void> {
  const monitor = socket.events
  socket.close()
  const limit = setTimeout(() => {
    monitor.close()
  }, limitMs)
  try {
    while (!monitor.closed) await monitor.receive()
  } catch {
    // The monitor was closed at the limit.
  } finally {
    clearTimeout(limit)
  }
}

/** The code of a system error such as `EADDRINUSE`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
