// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '../context/agent-context.ts'
import type { ToolEvent } from './tool-event.ts'

/** How createToolTracker hands over its events, and its limits. */
export interface ToolTrackerOptions {
  /** Receives every event; what it throws is the caller's own. */
  readonly emit: (context: AgentContext, event: ToolEvent) => void
  /** Clock, in epoch milliseconds. @defaultValue `Date.now` */
  readonly now?: () => number
  /** Open calls kept at most; the oldest is closed as cancelled to make room. @defaultValue 10000 */
  readonly capacity?: number
  /** A call open for longer is closed as cancelled when the next one starts. @defaultValue 86400000, 24 hours */
  readonly maxAgeMs?: number
}

/** A tool call that begins. */
export interface StartedToolCall {
  readonly toolCallId: string
  readonly toolClass: string
  /**
   * What `end` is told in place of the id, where the harness can have calls of
   * one id open at once in one trajectory.
   * @defaultValue `toolCallId`
   */
  readonly key?: string | undefined
}

/** How a tool call ended. */
export interface ToolOutcome {
  /** An abort is `cancelled`, never `error`. Absent where the harness does not say. */
  readonly status?: 'succeeded' | 'error' | 'cancelled' | undefined
  readonly outputBytes?: number | undefined
  readonly outputTokens?: number | undefined
  readonly errorType?: string | undefined
}

/** What happened to the calls that a tracker has seen. */
export interface ToolTrackerCounters {
  started: number
  ended: number
  /** Starts of a call that was open already; ignored. */
  duplicateStarts: number
  /** Ends of a call that was not open; ignored. */
  unmatchedEnds: number
  /** Calls closed as cancelled because nobody ended them in time. */
  orphaned: number
}

/**
 * Gives each started tool call exactly one end, whatever the harness does:
 * ends it twice, never, or only by dying.
 */
export interface ToolTracker {
  start(context: AgentContext, call: StartedToolCall): void
  /** @param key The call's id, unless it was started under another key. */
  end(context: AgentContext, key: string, outcome: ToolOutcome): void
  /** Closes every open call, or those of one trajectory, as cancelled. */
  cancelOpen(trajectoryId?: string): void
  readonly openCount: number
  readonly counters: Readonly<ToolTrackerCounters>
}

interface OpenCall {
  readonly entry: string
  readonly context: AgentContext
  readonly toolCallId: string
  readonly toolClass: string
  readonly startedAtMs: number
}

/**
 * Makes a tracker for the tool calls of one harness. It holds no timer, and
 * throws nothing but what `emit` does.
 */
export function createToolTracker(options: ToolTrackerOptions): ToolTracker {
  const { emit, now = Date.now, capacity = 10_000, maxAgeMs = 24 * 3_600_000 } = options
  // A Map keeps insertion order, so its first entries are the oldest calls.
  const open = new Map<string, OpenCall>()
  const counters: ToolTrackerCounters = { started: 0, ended: 0, duplicateStarts: 0, unmatchedEnds: 0, orphaned: 0 }
  const entryOf = ({ trajectoryId }: AgentContext, key: string) => `${trajectoryId}\n${key}`

  function close(call: OpenCall, outcome: ToolOutcome): void {
    open.delete(call.entry)
    counters.ended++
    const endedAtMs = Math.max(call.startedAtMs, Math.round(now()))
    const { status, outputBytes, outputTokens, errorType } = outcome
    emit(call.context, {
      type: status === 'error' ? 'tool_error' : 'tool_end',
      timeMs: endedAtMs,
      tool: {
        toolCallId: call.toolCallId,
        toolClass: call.toolClass,
        startedAtMs: call.startedAtMs,
        endedAtMs,
        ...(status !== undefined && { status }),
        durationMs: endedAtMs - call.startedAtMs,
        ...(outputBytes !== undefined && { outputBytes }),
        ...(outputTokens !== undefined && { outputTokens }),
        ...(errorType !== undefined && { errorType }),
      },
    })
  }

  function cancel(call: OpenCall): void {
    counters.orphaned++
    close(call, { status: 'cancelled' })
  }

  function makeRoom(timeMs: number): void {
    for (const call of open.values()) {
      if (open.size < capacity && timeMs - call.startedAtMs <= maxAgeMs) return
      cancel(call)
    }
  }

  return {
    start(context, { toolCallId, toolClass, key = toolCallId }) {
      const entry = entryOf(context, key)
      if (open.has(entry)) {
        counters.duplicateStarts++
        return
      }
      const startedAtMs = Math.round(now())
      makeRoom(startedAtMs)
      open.set(entry, { entry, context, toolCallId, toolClass, startedAtMs })
      counters.started++
      emit(context, {
        type: 'tool_start',
        timeMs: startedAtMs,
        tool: { toolCallId, toolClass, startedAtMs, status: 'running' },
      })
    },
    end(context, key, outcome) {
      const call = open.get(entryOf(context, key))
      if (call === undefined) counters.unmatchedEnds++
      else close(call, outcome)
    },
    cancelOpen(trajectoryId) {
      for (const call of open.values()) {
        if (trajectoryId === undefined || call.context.trajectoryId === trajectoryId) cancel(call)
      }
    },
    get openCount() {
      return open.size
    },
    counters,
  }
}
