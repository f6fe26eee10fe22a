// SPDX-License-Identifier: Apache-2.0
import type { DialectSelector } from '@dynamo-agent/client/detect'
import { processWide, type AgentContext, type ToolEvents, type ToolEventSink } from '@dynamo-agent/core'
import type { TurnRecorder } from './harness/turn-recorder.ts'
import type { TelemetryIntegration } from './telemetry/integration.ts'
import type { ToolScope } from './telemetry/tool-scope.ts'
import { warn } from './warn.ts'

/** A registerDynamo that has not been closed. */
export interface Registration {
  /** Absent where no tool events are wanted. */
  readonly events: ToolEvents<ToolEventSink> | undefined
  /** Tool calls that belong to no session, so that Dynamo could not be told of them. */
  unattributed: number
  /** Absent where no harness log is wanted. */
  readonly turns: TurnRecorder | undefined
  close(): Promise<void>
}

/** What provider and telemetry know of each other, whichever copy of this package they come from. */
export interface ProcessState {
  /** The last one that wants tool events is told of the tool calls that begin, and the last one with a log of the turns. */
  readonly registrations: Registration[]
  /** The one integration of the process. */
  integration?: TelemetryIntegration
  /** Takes the process's hooks out of the SDK; present while there is a registration. */
  detach?: (() => void) | undefined
  /** The tool call that a context was made for. */
  readonly toolScopes: WeakMap<AgentContext, ToolScope>
  /** Of the frontend that the latest LLM call went to. */
  selector?: DialectSelector
  hasWarned: boolean
}

const stateKey = Symbol.for('dynamo-agent.ai-sdk')

/** Shared by all copies of this package: each tool call must be told once. */
export function processState(): ProcessState {
  return processWide<ProcessState>(stateKey, () => ({ registrations: [], toolScopes: new WeakMap(), hasWarned: false }))
}

/** Takes the turns of agents for the harness log; undefined where nobody wants one. */
export function turnRecorder(): TurnRecorder | undefined {
  return processState().registrations.findLast(({ turns }) => turns !== undefined)?.turns
}

/** What the provider says of an LLM call that is about to go. */
export interface ObservedCall {
  /** Of the frontend that it goes to: tool events speak its dialect. */
  readonly selector: DialectSelector
  readonly hasTools: boolean
}

/**
 * Tells the telemetry of an LLM call. The first one with tools that finds
 * nobody registered leaves a warning, once for each process: the SDK is silent
 * about tools then, and nothing else would ever show it.
 */
export function observeCall({ selector, hasTools }: ObservedCall): void {
  const state = processState()
  state.selector = selector
  if (!hasTools || state.hasWarned || state.registrations.length > 0) return
  state.hasWarned = true
  warn({
    code: 'DYN_NOT_REGISTERED',
    message: 'Dynamo sees the LLM calls of this process, but neither its tools nor which agent works for which',
    advice: "Call registerDynamo() of '@dynamo-agent/provider-ai-sdk/telemetry' once, before the first call.",
  })
}
