// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector, type DialectSelector } from '@dynamo-agent/client/detect'
import {
  currentAgentContext,
  normalizeBaseUrl,
  readEnvironment,
  repairAgentContext,
  withAgentContext,
  type AgentContext,
  type Environment,
  type HarnessLogStatus,
} from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import { createPiHarness, type PiHarness } from '../harness/pi-harness.ts'
import { recordAgentEvent } from '../harness/record-agent.ts'
import type { PiMeasuredMessage } from '../pi/harness-events.ts'
import type { PiStreamOptions, PiStreamSimple } from '../pi/host.ts'
import { identifyStream } from '../provider/stream.ts'
import { createPiSession, type PiSession } from '../session/pi-session.ts'
import { readLastAnswer } from '../status/last-answer.ts'
import type { PiAgent, PiAgentEvent } from './pi-agent.ts'
import { clientNameOf, replacePart, requireReplaceable } from './replace-part.ts'

export interface InstrumentAgentOptions {
  /** Where settings and inherited identity are read. @defaultValue process.env */
  readonly environment?: Environment
  /**
   * Who the agent is.
   *
   * @defaultValue a child of the agent in whose tool this is called, if there
   * is one; else what the environment says, with the agent's own session id or
   * a random one
   */
  readonly context?: AgentContext
}

/** What follows one agent until it is closed. */
export interface InstrumentedAgent extends AsyncDisposable {
  readonly context: AgentContext
  readonly counters: PiSession['counters']
  /** Absent where `DYN_AGENT_HARNESS_LOG` names no file. */
  readonly harnessLog: HarnessLogStatus | undefined
  /**
   * Takes everything off the agent, closes its open tool calls as cancelled,
   * delivers what is queued and tells Dynamo that the trajectory is over;
   * bounded in time, never rejects.
   */
  close(): Promise<void>
}

/**
 * Makes an agent of pi-agent-core tell Dynamo who it is and what its tools do,
 * for applications that use that alone. An `AgentSession` takes the extension
 * instead, see createDynamoExtension.
 *
 * Only calls to the frontend that the environment names carry identity: other
 * providers learn nothing. An agent that is made in a tool of this one is its
 * child by itself.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` for an agent on which this
 * cannot be done; it is left as it was.
 */
export function instrumentAgent(agent: PiAgent, options: InstrumentAgentOptions = {}): InstrumentedAgent {
  const { environment = process.env } = options
  const settings = readEnvironment(environment)
  const { baseUrl, apiKey, dialect, disabled } = settings
  if (!disabled) requireReplaceable(agent)
  const selector = createDialectSelector({ baseUrl, apiKey, dialect })
  const sessionId = agent.sessionId ?? randomUUID()
  const given = options.context ?? childOfCurrent(sessionId)
  const { harnessLog: path } = settings
  const harness = path === undefined || disabled ? undefined : createPiHarness(path)
  const session = createPiSession({ settings, environment, selector, harness, contextOf: () => given })
  const sessionManager = {
    getSessionId: () => sessionId,
    buildSessionContext: () => ({ messages: (agent.state?.messages ?? []) as readonly PiMeasuredMessage[] }),
  }
  const context = disabled
    ? repairAgentContext(given ?? { sessionId }).context
    : session.start({ hasUI: false, mode: 'sdk', sessionManager }, {})
  const undo = disabled ? [] : follow(agent, { session, harness, selector, sessionId, context, baseUrl })

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeOnce()
    return closing
  }
  const closeOnce = async () => {
    for (const step of undo) quietly(step)
    if (!disabled) await session.end({ reason: 'quit' })
  }
  return {
    context,
    get counters() {
      return session.counters
    },
    get harnessLog() {
      return session.harnessLog
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Follower {
  readonly session: PiSession
  readonly harness: PiHarness | undefined
  readonly selector: DialectSelector
  readonly sessionId: string
  readonly context: AgentContext
  readonly baseUrl: string
}

/** @returns What takes each part off again. */
function follow(agent: PiAgent, follower: Follower): readonly (() => void)[] {
  const { session, harness, selector, context } = follower
  void selector.select()
  let asksDynamo = false
  const identified = identifyCalls(follower, (isDynamo) => (asksDynamo = isDynamo))
  const hear = (event: PiAgentEvent, isAborted: boolean) => {
    if (harness !== undefined) recordAgentEvent(harness, event, isAborted)
    if (event.type === 'tool_execution_start') session.toolStarted(event)
    else if (event.type === 'tool_execution_end') session.toolEnded(event, isAborted)
    else if (event.type === 'message_end' && asksDynamo) {
      const answer = readLastAnswer({ ...event.message, provider: 'dynamo' })
      if (answer !== undefined) session.answered(answer)
    }
  }
  let isFollowing = true
  // The agent waits for its listeners and fails with them, so what it tells may be anything.
  const unsubscribe = agent.subscribe((event: PiAgentEvent, signal) => {
    if (isFollowing) quietly(() => { hear(event, signal?.aborted ?? false) })
  })
  return [
    () => {
      isFollowing = false
      unsubscribe?.()
    },
    replacePart(agent, clientNameOf(agent), identified),
    // Whoever makes an agent in a tool of this one finds it as the current one.
    replacePart(agent, 'prompt', (prompt) => (...args) => {
      harness?.recorder?.prompted()
      return withAgentContext(context, () => prompt.apply(agent, args))
    }),
    replacePart(agent, 'continue', (proceed) => () => withAgentContext(context, () => proceed.call(agent))),
  ]
}

/** Wraps a client for models so that calls to Dynamo, and no others, are identified. */
function identifyCalls({ session, harness, selector, sessionId, baseUrl }: Follower, onCall: (isDynamo: boolean) => void) {
  const server = serverOf(baseUrl)
  return (streamSimple: PiStreamSimple): PiStreamSimple => {
    const identified = identifyStream(streamSimple, {
      selector,
      identify: (spoken, call) => session.identify(spoken, { ...call, sessionId }),
      onRequestId: (call, requestId) => harness?.requested({ ...call, sessionId }, requestId),
    })
    return (model: { readonly baseUrl?: string }, conversation: unknown, options?: PiStreamOptions): unknown => {
      const isDynamo = serverOf(model.baseUrl ?? '') === server
      onCall(isDynamo)
      return (isDynamo ? identified : streamSimple)(model, conversation, options) as unknown
    }
  }
}

/** Which server an address means: this host has several names. */
function serverOf(baseUrl: string): string | undefined {
  return normalizeBaseUrl(baseUrl)?.replace(/^(https?:\/\/)(localhost|\[::1\])(?=[:/])/, '$1127.0.0.1')
}

/** Does what must not fail whoever called. */
function quietly(step: () => void): void {
  try {
    step()
  } catch {
    // An agent that is not made as pi-agent-core makes it; what could be done is done.
  }
}

function childOfCurrent(trajectoryId: string): AgentContext | undefined {
  const parent = currentAgentContext()
  return parent && { ...parent, trajectoryId, parentTrajectoryId: parent.trajectoryId }
}
