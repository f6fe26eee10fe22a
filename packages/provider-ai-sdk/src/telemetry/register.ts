// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector } from '@dynamo-agent/client/detect'
import {
  dialects,
  DynamoAgentError,
  openToolEvents,
  readEnvironment,
  type Dialect,
  type DialectName,
  type EnvironmentSettings,
  type ToolEvents,
} from '@dynamo-agent/core'
import type { ToolEventRelay } from '@dynamo-agent/transport-zmq'
import { processEnvironment } from '../context/process-environment.ts'
import { openHarness, type Harness } from '../harness/open-harness.ts'
import { processState, type Registration } from '../registration.ts'
import { warn } from '../warn.ts'
import { attach } from './attach.ts'
import { borrowRelay, openRelay } from './open-relay.ts'

/** Options of registerDynamo. */
export interface RegisterDynamoOptions {
  /**
   * Where Dynamo takes tool events, such as `tcp://127.0.0.1:20390`. Needs the package `@dynamo-agent/transport-zmq`.
   * @defaultValue `DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT`; where that is unset too, none are sent, and subagents are still
   * told apart
   */
  readonly endpoint?: string | undefined
  /** A relay of your own in place of an endpoint. It is flushed, not closed. @defaultValue none */
  readonly relay?: ToolEventRelay | undefined
  /**
   * File for what Dynamo cannot see: turns with the size of their context, failed requests, retries. Never content.
   * @defaultValue `DYN_AGENT_HARNESS_LOG`; where that is unset too, there is none
   */
  readonly harnessLog?: string | undefined
  /**
   * How the frontend wants tool events; a relay of your own knows itself.
   * @defaultValue `DYN_AGENT_DIALECT`, else that of the frontend which the latest LLM call of this package went to
   */
  readonly dialect?: DialectName | 'auto' | undefined
  /**
   * Milliseconds that `flush`, `close` and the end of the process wait for a Dynamo that takes nothing.
   * @defaultValue 400
   */
  readonly lingerMs?: number | undefined
}

/** What has become of the tool calls, their events, and the rows of the harness log. */
export interface DynamoRegistrationCounters {
  /** Calls that have begun and not ended. */
  readonly open: number
  /** Calls that were closed as cancelled because nobody ended them. */
  readonly orphaned: number
  /** Calls that belong to no session, so that Dynamo could not be told of them. */
  readonly unattributed: number
  /** Events handed to a live connection. */
  readonly sent: number
  /** Events that wait for one. */
  readonly queued: number
  readonly dropped: number
  /** Rows in the harness log. */
  readonly logged: number
  /** Rows that the harness log has lost, to a full disk for instance. */
  readonly unlogged: number
}

export interface DynamoRegistration extends AsyncDisposable {
  readonly counters: DynamoRegistrationCounters
  /** Why no tool events can be sent, or no harness log be written, if so. */
  readonly problem: DynamoAgentError | undefined
  /**
   * Resolves when the code that sends events and writes the log has been loaded, or cannot be.
   * Only what ends within milliseconds of its start needs to wait for it.
   */
  readonly ready: Promise<void>
  /** Resolves when nothing waits any more, or when `lingerMs` is over. Never rejects. */
  flush(): Promise<void>
  /**
   * Closes the calls that are open as cancelled, delivers what waits within
   * `lingerMs`, ends the harness log, and leaves the SDK. Every call returns the same promise, which
   * never rejects.
   */
  close(): Promise<void>
}

const DEFAULT_LINGER_MS = 400

/**
 * Tells Dynamo what the tools of this process do, and gives each agent that
 * runs inside a tool a trajectory of its own (on ai@6 together with
 * wrapTools). Call it once, before the first generateText or streamText.
 *
 * Where several registrations stand, as after a hot reload, the latest one
 * that wants tool events takes the calls that begin, and the latest one with a
 * log the turns; each is told once.
 *
 * Never throws: what is wrong with an endpoint is in `problem` and in a
 * warning of the process. With `DYN_AGENT_DISABLE` it does nothing.
 */
export function registerDynamo(options: RegisterDynamoOptions = {}): DynamoRegistration {
  const settings = readEnvironment(processEnvironment())
  const events = settings.disabled ? undefined : openEvents(options, settings)
  const harness = settings.disabled ? undefined : openHarnessOf(options, settings)
  let closing: Promise<void> | undefined
  const registration: Registration = {
    events,
    unattributed: 0,
    turns: harness?.turns,
    close() {
      if (closing === undefined) {
        detach()
        closing = both(events?.close(), harness?.close())
      }
      return closing
    },
  }
  const detach = settings.disabled ? () => undefined : attach(registration)

  return {
    get counters() {
      const { calls, unrelayed = 0 } = events?.counters ?? {}
      const { sent = 0, queued = 0, dropped = 0 } = events?.sink?.counters ?? {}
      return {
        open: events?.openCount ?? 0,
        orphaned: calls?.orphaned ?? 0,
        unattributed: registration.unattributed,
        sent,
        queued,
        dropped: dropped + unrelayed,
        logged: harness?.log.status.written ?? 0,
        unlogged: harness?.log.status.dropped ?? 0,
      }
    },
    get problem() {
      return (events?.problem as DynamoAgentError | undefined) ?? events?.sink?.problem ?? harness?.log.status.problem
    },
    ready: both(events?.settled, harness?.log.ready),
    async flush() {
      await events?.settled
      await both(events?.sink?.flush(), harness?.log.flush())
    },
    close: () => registration.close(),
    [Symbol.asyncDispose]: () => registration.close(),
  }
}

async function both(events: Promise<void> | undefined, harness: Promise<void> | undefined): Promise<void> {
  await events
  await harness
}

/** @returns undefined where nobody wants a harness log. */
function openHarnessOf({ harnessLog }: RegisterDynamoOptions, settings: EnvironmentSettings): Harness | undefined {
  const path = setOf(harnessLog) ?? settings.harnessLog
  return path === undefined ? undefined : openHarness(path)
}

/** @returns undefined where nobody wants tool events. */
function openEvents(
  options: RegisterDynamoOptions,
  settings: EnvironmentSettings,
): ToolEvents<ToolEventRelay> | undefined {
  const { relay, lingerMs = DEFAULT_LINGER_MS } = options
  const { topic, queueCapacity: capacity } = settings.toolEvents
  const endpoint = setOf(options.endpoint) ?? settings.toolEvents.endpoint ?? misspeltEndpoint(settings)
  if (relay !== undefined) return openToolEvents({ capacity, openSink: () => Promise.resolve(borrowRelay(relay)) })
  if (endpoint === undefined) return undefined
  const events = openToolEvents({
    capacity,
    openSink: () => openRelay({ endpoint, topic, capacity, lingerMs, dialect: dialectOf(options, settings) }),
  })
  void events.settled.then(() => {
    if (DynamoAgentError.isInstance(events.problem)) warn(events.problem)
  })
  return events
}

/** What is empty is unset: an option may be a variable of the environment as it stands. */
function setOf(option: string | undefined): string | undefined {
  return option === '' ? undefined : option
}

/** An endpoint in the environment that cannot be used was meant to be one. */
function misspeltEndpoint({ problems }: EnvironmentSettings): string | undefined {
  return problems.find(({ variable }) => variable.endsWith('_TOOL_EVENTS_ZMQ_ENDPOINT'))?.value
}

/** Before the first LLM call there are no tools; a provider other than ours leaves the frontend of the environment. */
function dialectOf(options: RegisterDynamoOptions, { baseUrl, apiKey, dialect }: EnvironmentSettings): () => Dialect {
  const { dialect: set = dialect } = options
  if (set !== 'auto') return () => dialects[set]
  const selector = createDialectSelector({ baseUrl, apiKey })
  return () => (processState().selector ?? selector).current
}
