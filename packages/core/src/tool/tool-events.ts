// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '../context/agent-context.ts'
import type { ToolEvent } from './tool-event.ts'
import { createToolTracker, type ToolTracker, type ToolTrackerCounters } from './tool-tracker.ts'

/** Brings tool events to a frontend, as transport-zmq's relay does. No method throws or rejects. */
export interface ToolEventSink {
  readonly send: (context: AgentContext, event: ToolEvent) => boolean
  /**
   * Has a synchronous task run in the last turn of the process, before what
   * waits is sent.
   *
   * @returns Takes the task back.
   */
  beforeExit(task: () => void): () => void
  /** Bounded in time. */
  close(): Promise<void>
}

export interface ToolEventsOptions<Sink extends ToolEventSink> {
  /** Makes the sink, in its own time. What it rejects with is in `problem`. */
  readonly openSink: () => Promise<Sink>
  /** Events kept until the sink is there; more are lost and counted. */
  readonly capacity: number
}

export interface ToolEventsCounters {
  readonly calls: Readonly<ToolTrackerCounters>
  /** Events lost because there is no sink, or because too many came before it. */
  readonly unrelayed: number
}

/** What the tools of a harness do, on its way to a frontend. No method throws, waits or writes. */
export interface ToolEvents<Sink extends ToolEventSink> {
  /** Ignored after `close`. */
  readonly start: ToolTracker['start']
  readonly end: ToolTracker['end']
  /** Resolves when the sink is there or is known not to come. */
  readonly settled: Promise<void>
  /** undefined until it is there. */
  readonly sink: Sink | undefined
  /** Why there can be no sink. */
  readonly problem: unknown
  readonly openCount: number
  readonly counters: ToolEventsCounters
  /** Closes the calls that are still open as cancelled, then the sink. Each call returns the same promise. */
  close(): Promise<void>
}

/**
 * Opens the way of tool events: from a tracker, which gives each start exactly
 * one end, to a sink that may be loaded meanwhile. Calls that are open when
 * the process ends are closed as cancelled.
 */
export function openToolEvents<Sink extends ToolEventSink>(options: ToolEventsOptions<Sink>): ToolEvents<Sink> {
  const { openSink, capacity } = options
  let early: [AgentContext, ToolEvent][] | undefined = []
  let sink: Sink | undefined
  let problem: unknown
  let unrelayed = 0
  let forgetExit: (() => void) | undefined
  let closing: Promise<void> | undefined

  const emit = (context: AgentContext, event: ToolEvent) => {
    if (sink !== undefined) sink.send(context, event)
    else if (early !== undefined && early.length < capacity) early.push([context, event])
    else unrelayed++
  }
  const calls = createToolTracker({ emit })

  async function open(): Promise<void> {
    const kept = early ?? []
    try {
      sink = await openSink()
      forgetExit = sink.beforeExit(() => {
        calls.cancelOpen()
      })
    } catch (error) {
      problem = error
    }
    early = undefined
    for (const [context, event] of kept) emit(context, event)
  }
  const settled = open()

  return {
    start(context, call) {
      if (closing === undefined) calls.start(context, call)
    },
    end(context, key, outcome) {
      calls.end(context, key, outcome)
    },
    settled,
    get sink() {
      return sink
    },
    get problem() {
      return problem
    },
    get openCount() {
      return calls.openCount
    },
    get counters() {
      return { calls: calls.counters, unrelayed }
    },
    close() {
      if (closing === undefined) {
        calls.cancelOpen()
        closing = settled.then(() => {
          forgetExit?.()
          return sink?.close()
        })
      }
      return closing
    },
  }
}
