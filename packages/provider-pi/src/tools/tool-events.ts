// SPDX-License-Identifier: Apache-2.0
import {
  openToolEvents,
  textBytes,
  type AgentContext,
  type Dialect,
  type DynamoAgentError,
  type EnvironmentSettings,
  type ToolEventsCounters,
} from '@dynamo-agent/core'
import type { ToolEventRelay, ToolEventRelayCounters } from '@dynamo-agent/transport-zmq'
import type { PiToolEnd, PiToolStart } from '../pi/host.ts'

/** Tells Dynamo what the tools of one Pi session do. No method throws, waits or writes. */
export interface PiToolEvents {
  start(context: AgentContext, event: PiToolStart): void
  /** @param aborted The user stopped the agent: the call was cancelled, whatever its result says. */
  end(context: AgentContext, event: PiToolEnd, aborted: boolean): void
  /** Closes the calls that are still open as cancelled and delivers what is queued, within its time limit. */
  close(): Promise<void>
  readonly counters: PiToolEventsCounters
  /** How long events have been waiting and none was taken, in milliseconds. */
  readonly waitingMs: number
  /** Why the relay cannot work at all, if so. */
  readonly problem: DynamoAgentError | undefined
}

export interface PiToolEventsCounters extends ToolEventsCounters {
  /** What became of the events; absent until the relay has been loaded. */
  readonly relay?: ToolEventRelayCounters
}

export interface PiToolEventsOptions {
  readonly settings: EnvironmentSettings['toolEvents'] & { readonly endpoint: string }
  /** A function is asked for each event. */
  readonly dialect: Dialect | (() => Dialect)
}

/** How long the end of a session waits for an absent Dynamo, in milliseconds; a present one takes all at once. */
export const LINGER_MS = 400

/**
 * Opens the relay in the background; what happens before its code is loaded is
 * kept. Where it cannot be loaded, everything else goes on without tool events.
 */
export function openPiToolEvents({ settings, dialect }: PiToolEventsOptions): PiToolEvents {
  const { endpoint, topic, queueCapacity: capacity } = settings
  const events = openToolEvents<ToolEventRelay>({
    capacity,
    async openSink() {
      const { createToolEventRelay } = await import('@dynamo-agent/transport-zmq')
      return createToolEventRelay({ endpoint, topic, capacity, lingerMs: LINGER_MS, dialect })
    },
  })
  return {
    start(context, { toolCallId, toolName }) {
      events.start(context, { toolCallId, toolClass: toolName })
    },
    end(context, { toolCallId, isError, result }, aborted) {
      const status = aborted ? 'cancelled' : isError ? 'error' : 'succeeded'
      events.end(context, toolCallId, { status, outputBytes: textBytes(result) })
    },
    close: () => events.close(),
    get problem() {
      return events.sink?.problem
    },
    get waitingMs() {
      return events.sink?.waitingMs ?? 0
    },
    get counters() {
      return { ...events.counters, ...(events.sink && { relay: events.sink.counters }) }
    },
  }
}
