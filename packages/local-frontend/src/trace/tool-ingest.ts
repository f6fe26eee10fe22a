// SPDX-License-Identifier: Apache-2.0
import type { Dialect, ToolEventVerdict } from '@dynamo-agent/core'
import type { TraceLog } from './trace-log.ts'

export interface ToolIngestOptions {
  readonly dialect: Dialect
  readonly log: TraceLog
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onDropped?: (reason: string) => void
  /** Open calls remembered at most; the oldest is closed as cancelled to make room. @defaultValue 10000 */
  readonly capacity?: number
}

export interface ToolIngestCounters {
  accepted: number
  dropped: number
  /** Why, in the words of Dynamo's own log; rare reasons past the first 32 are counted as `other`. */
  droppedByReason: Record<string, number>
  /** Calls whose end never came, closed as cancelled. */
  cancelled: number
}

/** Decodes tool events into rows, and sees to it that each started call gets an end. */
export interface ToolIngest {
  readonly accept: (record: unknown) => void
  readonly reject: (reason: string) => void
  /** Writes the missing end of every open call. What still comes for such a call is dropped as `late`. */
  cancelOpen(): void
  readonly counters: Readonly<ToolIngestCounters>
}

type Row = Extract<Extract<ToolEventVerdict, { accepted: true }>['row'], { tool: unknown }>

const REASONS = 32

export function createToolIngest(options: ToolIngestOptions): ToolIngest {
  const { dialect, log, now, onDropped, capacity = 10_000 } = options
  // A Map and a Set keep insertion order, so their first entries are the oldest.
  const open = new Map<string, Row>()
  const cancelled = new Set<string>()
  const counters: ToolIngestCounters = { accepted: 0, dropped: 0, droppedByReason: {}, cancelled: 0 }

  function reject(reason: string): void {
    const { droppedByReason } = counters
    const known = Object.hasOwn(droppedByReason, reason) || Object.keys(droppedByReason).length < REASONS
    const counted = known ? reason : 'other'
    droppedByReason[counted] = (droppedByReason[counted] ?? 0) + 1
    counters.dropped++
    onDropped?.(counted)
  }

  function cancel(key: string, row: Row): void {
    open.delete(key)
    cancelled.add(key)
    for (const oldest of cancelled) {
      if (cancelled.size <= capacity) break
      cancelled.delete(oldest)
    }
    counters.cancelled++
    log.write(cancelledRow(row, Math.round(now())))
  }

  function track(row: Row): boolean {
    const key = callKey(row)
    if (row.event_type !== 'tool_start') {
      open.delete(key)
      return !cancelled.has(key)
    }
    cancelled.delete(key)
    for (const [oldest, start] of open) {
      if (open.size < capacity) break
      cancel(oldest, start)
    }
    open.set(key, row)
    return true
  }

  return {
    accept(record) {
      const verdict = dialect.accepts(record)
      if (!verdict.accepted) reject(verdict.reason)
      else if (!('tool' in verdict.row)) reject('expected tool event')
      else if (!track(verdict.row)) reject('late')
      else {
        counters.accepted++
        log.write(verdict.row)
      }
    },
    reject,
    cancelOpen() {
      for (const [key, start] of open) cancel(key, start)
    },
    counters,
  }
}

/** The call that a row is about; harnesses may use the same call id in two trajectories. */
function callKey({ agent_context: context, tool }: Row): string {
  const trajectory =
    'trajectory_id' in context ? context.trajectory_id : 'session_id' in context ? context.session_id : ''
  return `${trajectory}\n${tool.tool_call_id}`
}

function cancelledRow(start: Row, nowMs: number): object {
  const { tool_call_id, tool_class, started_at_unix_ms = start.event_time_unix_ms } = start.tool
  const endedAtMs = Math.max(nowMs, started_at_unix_ms)
  return {
    ...start,
    event_type: 'tool_end',
    event_time_unix_ms: endedAtMs,
    tool: {
      tool_call_id,
      tool_class,
      started_at_unix_ms,
      ended_at_unix_ms: endedAtMs,
      status: 'cancelled',
      duration_ms: endedAtMs - started_at_unix_ms,
    },
  }
}
