// SPDX-License-Identifier: Apache-2.0
import { connectableEndpoint, DEFAULT_TOOL_EVENT_TOPIC, DynamoAgentError } from '@dynamo-agent/core'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeMessage, type MessageFault } from './wire.ts'
import { closeSocket, loadZeroMq, systemCode, type ZeroMq } from './zeromq.ts'

export interface ToolEventReceiverOptions {
  /** Where to listen; port `0` or `*` takes a free one. */
  readonly bind: string
  /**
   * First frame that a message must have, byte for byte. The empty text takes
   * any, as Dynamo 1.2 does when no topic is set.
   * @defaultValue `agent-tool-events`
   */
  readonly topic?: string
  /**
   * Receives each decoded record in the order of arrival; a dialect's
   * `accepts` tells whether a frontend would write it.
   *
   * @param sequence As the sender numbered it; says nothing about loss, because senders restart.
   */
  readonly onRecord: (record: unknown, sequence: bigint) => void
  readonly onRejected?: (reason: ToolEventRejectReason) => void
}

/**
 * Why a message did not count as received.
 * - `frame-count`: not three frames
 * - `other-topic`: another first frame
 * - `not-msgpack`: the third frame is no msgpack map or array
 * - `handler-failed`: `onRecord` threw
 */
export type ToolEventRejectReason = MessageFault | 'handler-failed'

/** Every message that arrived is in exactly one of `received` and `rejected`. */
export interface ToolEventReceiverCounters {
  readonly received: number
  readonly rejected: number
  readonly byReason: Readonly<Record<ToolEventRejectReason, number>>
}

/** The side of tool events that a frontend has. It keeps the process alive until it is closed. */
export interface ToolEventReceiver {
  /** Where senders on this machine connect to. */
  readonly endpoint: string
  readonly counters: ToolEventReceiverCounters
  /**
   * Waits until nothing has arrived for `quietMs`, at most `limitMs`.
   *
   * @returns whether it became quiet.
   */
  drain(quietMs: number, limitMs: number): Promise<boolean>
  /**
   * Takes in what has arrived already, then frees the port. Every call returns
   * the same promise, which never rejects.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A tool event has a few hundred bytes; a sender of larger messages is disconnected. */
const MAX_MESSAGE_BYTES = 1 << 20
const CLOSE_QUIET_MS = 20
const CLOSE_LIMIT_MS = 500

/**
 * Listens for tool events as a Dynamo frontend does: what is not one is
 * counted and never stops the rest.
 *
 * @throws DynamoAgentError `DYN_PORT_IN_USE`, `DYN_INVALID_ENDPOINT` when the
 * address cannot be bound, `DYN_ZMQ_UNAVAILABLE`
 */
export async function createToolEventReceiver(options: ToolEventReceiverOptions): Promise<ToolEventReceiver> {
  const { bind, onRecord, onRejected } = options
  const topicText = options.topic ?? DEFAULT_TOOL_EVENT_TOPIC
  const topic = topicText === '' ? undefined : Buffer.from(topicText)
  const { pull, endpoint } = await bindPull(bind)

  const counters = {
    received: 0,
    rejected: 0,
    byReason: { 'frame-count': 0, 'other-topic': 0, 'not-msgpack': 0, 'handler-failed': 0 },
  }
  let closing: Promise<void> | undefined

  function reject(reason: ToolEventRejectReason): void {
    counters.rejected++
    counters.byReason[reason]++
    onRejected?.(reason)
  }

  function take(frames: readonly Uint8Array[]): void {
    const message = decodeMessage(frames, topic)
    if ('fault' in message) {
      reject(message.fault)
      return
    }
    try {
      onRecord(message.record, message.sequence)
      counters.received++
    } catch {
      reject('handler-failed')
    }
  }

  async function receive(): Promise<void> {
    const closed = () => pull.closed
    while (!closed()) {
      try {
        take(await pull.receive())
      } catch {
        // Closing ends a receive that waits. Anything else must neither end the ingest nor spin.
        if (!closed()) await delay(10)
      }
    }
  }
  const receiving = receive()

  const receiver: ToolEventReceiver = {
    endpoint,
    counters,
    async drain(quietMs, limitMs) {
      const arrived = () => counters.received + counters.rejected
      const startedAtMs = performance.now()
      let last = { arrived: arrived(), atMs: startedAtMs }
      while (performance.now() - startedAtMs < limitMs) {
        await delay(Math.min(5, quietMs, limitMs))
        // Asking the socket whether it is readable would consume the very
        // signal that the pending receive waits for, and stop the ingest.
        if (arrived() !== last.arrived) last = { arrived: arrived(), atMs: performance.now() }
        else if (performance.now() - last.atMs >= quietMs) return true
      }
      return false
    },
    close() {
      closing ??= (async () => {
        await receiver.drain(CLOSE_QUIET_MS, CLOSE_LIMIT_MS)
        await closeSocket(pull, CLOSE_LIMIT_MS)
        await receiving
      })()
      return closing
    },
    [Symbol.asyncDispose]() {
      return receiver.close()
    },
  }
  return receiver
}

async function bindPull(bind: string): Promise<{ pull: ZeroMq.Pull; endpoint: string }> {
  const { Pull } = loadZeroMq()
  const pull = new Pull({
    linger: 0,
    maxMessageSize: MAX_MESSAGE_BYTES,
    ...(bind.startsWith('tcp://[') && { ipv6: true }),
  })
  try {
    await pull.bind(bind)
    const endpoint = connectableEndpoint(pull.lastEndpoint ?? '')
    if (endpoint === undefined) throw new Error(`bound to ${String(pull.lastEndpoint)}`)
    return { pull, endpoint }
  } catch (cause) {
    pull.close()
    throw bindError(bind, cause)
  }
}

function bindError(bind: string, cause: unknown): DynamoAgentError {
  if (systemCode(cause) === 'EADDRINUSE') {
    return new DynamoAgentError({
      code: 'DYN_PORT_IN_USE',
      message: `${bind} is in use`,
      advice: 'End the process that listens there, or bind to port 0 for a free one.',
      cause,
    })
  }
  return new DynamoAgentError({
    code: 'DYN_INVALID_ENDPOINT',
    message: `cannot listen on ${JSON.stringify(bind)}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: 'Give an address of this machine such as tcp://127.0.0.1:20390, or port 0 for a free port.',
    cause,
  })
}
