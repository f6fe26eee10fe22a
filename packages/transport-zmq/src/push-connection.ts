// SPDX-License-Identifier: Apache-2.0
import { isMainThread } from 'node:worker_threads'
import { listDescriptors, waitForClosedDescriptor } from './descriptors.ts'
import { sleep } from './sleep.ts'
import { closeSocket, loadZeroMq } from './zeromq.ts'

/**
 * Messages that libzmq may hold for a receiver that is slower than we are.
 * They are out of our sight, so there are few of them.
 *
 * In a worker there is one. Messages are not copied but read from the thread's
 * own memory, by libzmq's thread, which outlives a worker: a message that is
 * still inside when a worker ends corrupts the heap of the whole process
 * (measured with zeromq 6.8.0). With a mark of 1, room for the next message is
 * the proof that none is inside.
 */
const HIGH_WATER_MARK = isMainThread ? 1000 : 1
/**
 * zeromq prints a warning on stderr when a process that ends naturally waits
 * for libzmq for 500 ms. Where it is not known when libzmq is done, a socket
 * that is closed at exit lingers for less.
 */
const MAX_EXIT_LINGER_MS = 400
/** What was written a moment ago gets this long to leave, whatever the time limit. */
const MIN_LINGER_MS = 50
/** How long a worker waits, as often as the second number says, for its one message to leave: 0.2 ms in all. */
const WORKER_WAIT_MS = 0.02
const WORKER_WAITS = 10

/** A PUSH socket that takes messages only while a receiver is connected, and never waits. */
export interface PushConnection {
  /** Whether a receiver is connected and has room; asks libzmq, so it needs no turn of the event loop. */
  hasRoom(): boolean
  /**
   * Hands one message over; only after `hasRoom`.
   *
   * @param onRefused Called, later, when it was not taken after all: true when
   *   there was no room any more, because the receiver died since `hasRoom`.
   */
  send(frames: Uint8Array[], onRefused: (noRoom: boolean) => void): void
  /** Closes, and waits until what was handed over is on the wire, at most about `lingerMs`. */
  close(lingerMs: number): Promise<void>
  /** Closes within the last turn of a process, and returns when libzmq is done or the time is over. */
  closeAtExit(lingerMs: number): void
}

/** @throws DynamoAgentError `DYN_ZMQ_UNAVAILABLE`, or what libzmq says of an endpoint it cannot use. */
export function openPushConnection(endpoint: string): PushConnection {
  const { Push } = loadZeroMq()
  const socket = new Push({
    // By default libzmq accepts messages for an endpoint that nobody serves
    // and loses them when it is closed, without telling how many. With
    // `immediate` it has room only while a receiver is connected, and what
    // nobody takes stays in our own queue, where it is counted.
    immediate: true,
    // A send that waits polls the socket and so keeps the process alive, and a
    // second one throws. A send that does not wait is done when it returns.
    sendTimeout: 0,
    sendHighWaterMark: HIGH_WATER_MARK,
    linger: MAX_EXIT_LINGER_MS,
    reconnectInterval: 100,
    reconnectMaxInterval: 500,
    // As Dynamo's side does; a receiver that vanished without a goodbye is noticed.
    heartbeatInterval: 5000,
    heartbeatTimeout: 15_000,
    ...(endpoint.startsWith('tcp://[') && { ipv6: true }),
  })
  try {
    socket.connect(endpoint)
  } catch (error) {
    socket.close()
    throw error
  }
  /** Whether libzmq may hold a message: from the first one on, but with a mark of 1 until it has room again. */
  let mayHold = false

  return {
    hasRoom() {
      let room = socket.writable
      const waits = mayHold && !isMainThread ? WORKER_WAITS : 0
      for (let wait = 0; !room && wait < waits; wait++) {
        sleep(WORKER_WAIT_MS)
        room = socket.writable
      }
      if (room && !isMainThread) mayHold = false
      return room
    },
    send(frames, onRefused) {
      mayHold = true
      socket.send(frames).catch((error: unknown) => {
        onRefused(error instanceof Error && 'code' in error && error.code === 'EAGAIN')
      })
    },
    async close(lingerMs) {
      const boundedMs = Math.max(MIN_LINGER_MS, Math.round(lingerMs))
      socket.linger = boundedMs
      await closeSocket(socket, boundedMs + MIN_LINGER_MS)
    },
    closeAtExit(lingerMs) {
      const boundedMs = Math.max(MIN_LINGER_MS, Math.round(lingerMs))
      if (isMainThread) {
        if (!mayHold) {
          socket.close()
          return
        }
        // After a natural end the process waits for libzmq; after
        // `process.exit` it is gone at once, with all that was not written yet.
        const before = listDescriptors()
        socket.linger = before === undefined ? Math.min(MAX_EXIT_LINGER_MS, boundedMs) : boundedMs
        socket.close()
        waitForClosedDescriptor(before, boundedMs + MIN_LINGER_MS)
        return
      }
      const endMs = performance.now() + boundedMs
      while (mayHold && !socket.writable && performance.now() < endMs) sleep(1)
      socket.linger = 0
      socket.close()
      sleep(10)
    },
  }
}
