// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type AgentContext, type ToolEvent } from '@dynamo-agent/core'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { EventQueue } from './event-queue.ts'
import { Patience } from './patience.ts'
import { atProcessExit } from './process-exit.ts'
import { openPushConnection, type PushConnection } from './push-connection.ts'
import { invalidEndpoint, resolveOptions, type ToolEventRelayOptions } from './relay-options.ts'
import { sleep } from './sleep.ts'
import { encodeRecord, encodeSequence } from './wire.ts'

/**
 * Why an event was dropped.
 * - `capacity`: the queue was full
 * - `closed`: sent after `close`
 * - `encode`: the dialect or msgpack could not write it
 * - `undelivered`: no receiver took it within `lingerMs` of `close` or of the exit of the process
 * - `refused`: ZeroMQ would not take it, for another reason than a receiver that is busy or gone
 * - `unavailable`: the relay cannot work at all, see `problem`
 */
export type ToolEventDropReason = 'capacity' | 'closed' | 'encode' | 'undelivered' | 'refused' | 'unavailable'

/** Every event given to `send` is in exactly one of `queued`, `sent` and `dropped`. */
export interface ToolEventRelayCounters {
  /** Waiting now. */
  readonly queued: number
  /**
   * Handed to a live connection. ZeroMQ acknowledges nothing, so this is not
   * "written by Dynamo": when a receiver dies, what was between its host's
   * socket and its last row is lost and stays counted here.
   */
  readonly sent: number
  readonly dropped: number
  readonly byReason: Readonly<Record<ToolEventDropReason, number>>
}

/** Sends tool events to a Dynamo frontend without ever being in the way of the host. */
export interface ToolEventRelay {
  /**
   * Takes an event and returns at once; encoding and sending happen later.
   * Never throws. Needs no `this`: it fits the `emit` of a tool tracker.
   *
   * @returns false when the event was dropped.
   */
  readonly send: (context: AgentContext, event: ToolEvent) => boolean
  readonly counters: ToolEventRelayCounters
  /**
   * How long events have been waiting and none was taken, in milliseconds; 0
   * when none waits. A receiver takes each within milliseconds, once it is connected.
   */
  readonly waitingMs: number
  /** Why the relay cannot work at all, if so: `DYN_ZMQ_UNAVAILABLE` or `DYN_INVALID_ENDPOINT`. */
  readonly problem: DynamoAgentError | undefined
  /**
   * Has a synchronous task run in the last turn of the process, before what
   * waits is sent: the place to close calls that are still open.
   *
   * @returns Takes the task back.
   */
  beforeExit(task: () => void): () => void
  /** Resolves when nothing waits any more, or when `lingerMs` is over. Never rejects. */
  flush(): Promise<void>
  /**
   * Delivers what waits within `lingerMs`, then lets go of the socket; what
   * nobody took by then is counted as `undelivered`. Every call returns the
   * same promise, which never rejects.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface QueuedEvent {
  readonly context: AgentContext
  readonly event: ToolEvent
}

/** How long one turn of the event loop may be busy with writing: some 100 events. */
const TURN_MS = 2
const MIN_RETRY_MS = 1
const MAX_RETRY_MS = 50

/**
 * Makes a relay; ZeroMQ is loaded and connected with the first event.
 *
 * @throws DynamoAgentError `DYN_INVALID_ENDPOINT`, `DYN_INVALID_OPTION`
 */
export function createToolEventRelay(options: ToolEventRelayOptions): ToolEventRelay {
  const { endpoint, dialect, topic, capacity, lingerMs } = resolveOptions(options)

  const queue = new EventQueue<QueuedEvent>()
  const counters = {
    get queued() {
      return queue.size
    },
    sent: 0,
    dropped: 0,
    byReason: { capacity: 0, closed: 0, encode: 0, undelivered: 0, refused: 0, unavailable: 0 },
  }
  const exitTasks = new Set<() => void>()
  let sequence = 0n
  let connection: PushConnection | undefined
  let problem: DynamoAgentError | undefined
  let pumpScheduled = false
  let retryMs = MIN_RETRY_MS
  /** When an event was taken last or the queue was last empty, on the clock of `performance.now`. */
  let waitingSinceMs = 0
  let forgetExit: (() => void) | undefined
  let flushing: Promise<void> | undefined
  let closing: Promise<void> | undefined

  function drop(reason: ToolEventDropReason, count = 1): void {
    counters.dropped += count
    counters.byReason[reason] += count
  }

  function connect(): PushConnection | undefined {
    if (connection !== undefined || problem !== undefined) return connection
    try {
      connection = openPushConnection(endpoint)
    } catch (error) {
      problem = DynamoAgentError.isInstance(error) ? error : invalidEndpoint(endpoint, error)
      drop('unavailable', queue.clear())
    }
    return connection
  }

  function encode({ context, event }: QueuedEvent): Uint8Array | undefined {
    try {
      return encodeRecord(dialect().encodeToolEvent(context, event))
    } catch {
      return undefined
    }
  }

  /** Hands over what the connection takes, one turn's worth at most. Returns whether it got on. */
  function writeTurn(): boolean {
    const open = connect()
    const endMs = performance.now() + TURN_MS
    let progress = false
    while (open?.hasRoom() === true && performance.now() < endMs) {
      const next = queue.shift()
      if (next === undefined) break
      progress = true
      const record = encode(next)
      if (record === undefined) {
        drop('encode')
        continue
      }
      open.send([topic, encodeSequence(sequence++), record], (noRoom) => {
        counters.sent--
        if (noRoom) putBack(next)
        else drop('refused')
      })
      counters.sent++
      waitingSinceMs = performance.now()
    }
    return progress
  }

  /** For an event whose receiver died in the instant of the hand-over. */
  function putBack(event: QueuedEvent): void {
    queue.unshift(event)
    schedulePump()
  }

  function schedulePump(): void {
    if (pumpScheduled) return
    pumpScheduled = true
    setImmediate(pump)
  }

  function pump(): void {
    pumpScheduled = false
    const progress = writeTurn()
    if (queue.size === 0) return
    pumpScheduled = true
    if (progress) {
      retryMs = MIN_RETRY_MS
      setImmediate(pump)
    } else {
      setTimeout(pump, retryMs).unref()
      retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
    }
  }

  /** The pump with timers that keep the process alive, for callers who wait. */
  async function drain(patience: Patience): Promise<void> {
    let pauseMs = MIN_RETRY_MS
    while (queue.size > 0) {
      if (writeTurn()) {
        patience.noteProgress()
        pauseMs = MIN_RETRY_MS
        await nextTurn()
      } else {
        pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS)
        await delay(Math.min(pauseMs, patience.remainingMs))
      }
      if (patience.remainingMs === 0) return
    }
  }

  async function shutDown(): Promise<void> {
    const patience = new Patience(lingerMs)
    await drain(patience)
    drop('undelivered', queue.clear())
    forgetExit?.()
    await connection?.close(patience.remainingMs)
  }

  /**
   * The same in the last turn of a process, where nothing can be awaited:
   * libzmq has its own thread, so connecting and sending go on while ours sleeps.
   */
  function drainAtExit(startedAtMs: number): void {
    for (const task of exitTasks) task()
    const patience = new Patience(lingerMs, startedAtMs)
    while (queue.size > 0) {
      if (writeTurn()) patience.noteProgress()
      else sleep(MIN_RETRY_MS)
      if (patience.remainingMs === 0) break
    }
    drop('undelivered', queue.clear())
    connection?.closeAtExit(patience.remainingMs)
  }

  const relay: ToolEventRelay = {
    send(context, event) {
      const refusal = closing ? 'closed' : problem ? 'unavailable' : queue.size >= capacity ? 'capacity' : undefined
      if (refusal !== undefined) {
        drop(refusal)
        return false
      }
      forgetExit ??= atProcessExit(drainAtExit)
      if (queue.size === 0) waitingSinceMs = performance.now()
      queue.push({ context, event })
      schedulePump()
      return true
    },
    counters,
    get waitingMs() {
      return queue.size === 0 ? 0 : performance.now() - waitingSinceMs
    },
    get problem() {
      return problem
    },
    beforeExit(task) {
      exitTasks.add(task)
      return () => exitTasks.delete(task)
    },
    flush() {
      flushing ??= drain(new Patience(lingerMs)).finally(() => {
        flushing = undefined
      })
      return flushing
    },
    close() {
      closing ??= shutDown()
      return closing
    },
    [Symbol.asyncDispose]() {
      return relay.close()
    },
  }
  return relay
}
