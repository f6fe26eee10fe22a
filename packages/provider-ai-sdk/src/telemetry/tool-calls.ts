// SPDX-License-Identifier: Apache-2.0
import type { AgentContext, ToolOutcome } from '@dynamo-agent/core'
import { processState } from '../registration.ts'
import type { SdkToolCall } from './sdk-events.ts'

/** A tool call whose beginning has been told. */
export interface BegunToolCall {
  readonly context: AgentContext
  /** Tells it apart from all other calls of its trajectory that are open. */
  readonly key: string
}

/** The parts of a key: two operations that run at once may give their calls the same ids. */
export function callKey(operation: string, toolCallId: string): string {
  return `${operation}\n${toolCallId}`
}

/** The latest registration that wants tool events is told of each call that begins; of one that has begun, nobody is told again. */
export function beginToolCall({ context, key }: BegunToolCall, { toolCallId, toolName }: SdkToolCall): void {
  const registration = processState().registrations.findLast(({ events }) => events !== undefined)
  registration?.events?.start(context, { toolCallId, toolClass: toolName, key })
}

/** Whoever was told of its beginning is told of its end; of the second end of a call, nobody is. */
export function endToolCall({ context, key }: BegunToolCall, outcome: ToolOutcome): void {
  for (const { events } of processState().registrations) events?.end(context, key, outcome)
}

/** Notes a call that belongs to no session, so that nobody can be told of it. */
export function noteUnattributed(): void {
  const registration = processState().registrations.at(-1)
  if (registration !== undefined) registration.unattributed++
}
