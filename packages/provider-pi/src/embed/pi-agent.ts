// SPDX-License-Identifier: Apache-2.0
import type { PiMessage, PiStreamSimple, PiToolEnd, PiToolStart } from '../pi/host.ts'

/**
 * The seam to pi-agent-core: the parts of its `Agent` that this package uses,
 * as structural types. Its client for models moved from `streamFn` (0.73) to
 * `streamFunction`; an agent has one of them.
 */
export interface PiAgent {
  readonly sessionId?: string | undefined
  readonly state?: { readonly messages: readonly unknown[] }
  streamFn?: PiStreamSimple
  streamFunction?: PiStreamSimple
  prompt(...args: never[]): Promise<void>
  continue(): Promise<void>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Each generation has a union of events of its own.
  subscribe(listener: (event: any, signal?: AbortSignal) => void): (() => void) | undefined
}

/** An event of an agent, as far as it is looked at here. */
export type PiAgentEvent =
  | ({ readonly type: 'tool_execution_start' } & PiToolStart)
  | ({ readonly type: 'tool_execution_end' } & PiToolEnd)
  | { readonly type: 'message_end'; readonly message: PiMessage }
  | { readonly type: 'agent_start' | 'agent_end' | 'turn_start' | 'turn_end' }
