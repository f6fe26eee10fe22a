// SPDX-License-Identifier: Apache-2.0
import {
  createToolTracker,
  type AgentContext,
  type Dialect,
  type DynamoAgentError,
  type EnvironmentSettings,
  type ToolEvent,
  type ToolOutcome,
  type ToolTrackerCounters,
} from '@dynamo-agent/core'
import type { ToolEventRelay, ToolEventRelayCounters } from '@dynamo-agent/transport-zmq'
import type { PiToolEnd, PiToolStart } from '../pi/host.ts'
import { beforeProcessExit } from './process-exit.ts'

/** Tells Dynamo what the tools of one Pi session do. No method throws, waits or writes. */
export interface ToolEvents {
  start(context: AgentContext, event: PiToolStart): void
  /** @param aborted The user stopped the agent: the call was cancelled, whatever its result says. */
  end(context: AgentContext, event: PiToolEnd, aborted: boolean): void
  /** Closes the calls that are still open as cancelled and delivers what is queued, within its time limit. */
  close(): Promise<void>
  readonly counters: ToolEventsCounters
  /** Why the relay cannot work at all, if so. */
  readonly problem: DynamoAgentError | undefined
}

export interface ToolEventsCounters {
  readonly calls: Readonly<ToolTrackerCounters>
  /** What became of the events; absent until the relay has been loaded. */
  readonly relay?: ToolEventRelayCounters
  /** Events lost because the relay cannot be loaded here, or because too many came before it was. */
  readonly unrelayed: number
}

export interface ToolEventsOptions {
  readonly settings: EnvironmentSettings['toolEvents'] & { readonly endpoint: string }
  /** A function is asked for each event. */
  readonly dialect: Dialect | (() => Dialect)
}

/** How long the end of a session waits for an absent Dynamo, in milliseconds; a present one takes all at once. */
const LINGER_MS = 400

/**
 * Opens the relay in the background: its code loads while the model answers
 * the first prompt, and what happens before that is kept.
 */
export function openToolEvents({ settings, dialect }: ToolEventsOptions): ToolEvents {
  let relay: ToolEventRelay | undefined
  let early: [AgentContext, ToolEvent][] | undefined = []
  let unrelayed = 0
  let closing: Promise<void> | undefined

  const emit = (context: AgentContext, event: ToolEvent) => {
    if (early !== undefined && early.length < settings.queueCapacity) early.push([context, event])
    else if (relay !== undefined) relay.send(context, event)
    else unrelayed++
  }
  const opening = openRelay({ settings, dialect }).then((opened) => {
    const kept = early ?? []
    relay = opened
    early = undefined
    for (const [context, event] of kept) emit(context, event)
  })
  const calls = createToolTracker({ emit })
  // An error that nobody catches ends Pi without a word to its extensions.
  const forgetExit = beforeProcessExit(() => {
    calls.cancelOpen()
  })

  return {
    start(context, { toolCallId, toolName }) {
      if (closing === undefined) calls.start(context, { toolCallId, toolClass: toolName })
    },
    end(context, event, aborted) {
      calls.end(context, event.toolCallId, outcomeOf(event, aborted))
    },
    close() {
      if (closing === undefined) {
        calls.cancelOpen()
        forgetExit()
        closing = opening.then(() => relay?.close())
      }
      return closing
    },
    get problem() {
      return relay?.problem
    },
    get counters() {
      return { calls: calls.counters, unrelayed, ...(relay && { relay: relay.counters }) }
    },
  }
}

/** @returns undefined when the relay cannot be loaded: everything else goes on without tool events. */
async function openRelay({ settings, dialect }: ToolEventsOptions): Promise<ToolEventRelay | undefined> {
  try {
    const { createToolEventRelay } = await import('@dynamo-agent/transport-zmq')
    const { endpoint, topic, queueCapacity } = settings
    return createToolEventRelay({ endpoint, topic, capacity: queueCapacity, lingerMs: LINGER_MS, dialect })
  } catch {
    return undefined
  }
}

function outcomeOf({ isError, result }: PiToolEnd, aborted: boolean): ToolOutcome {
  return {
    status: aborted ? 'cancelled' : isError ? 'error' : 'succeeded',
    outputBytes: textBytes(result),
  }
}

/** UTF-8 bytes of a tool result's text; images do not count. */
export function textBytes(result: unknown): number {
  const content = isFields(result) && Array.isArray(result.content) ? (result.content as unknown[]) : []
  let bytes = 0
  for (const part of content) {
    if (isFields(part) && typeof part.text === 'string') bytes += Buffer.byteLength(part.text)
  }
  return bytes
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
