// SPDX-License-Identifier: Apache-2.0
import { uuidOf, type Id } from './ids.ts'
import type { Random } from './random.ts'

/** One run of an agent and its subagents. */
export interface Session {
  readonly id: string
  /** Number of subagents so far. */
  subagents: number
}

/** The habits of the harness that an agent runs in. */
export interface Harness {
  /** Whether it tells Dynamo of its tool calls at all. */
  readonly reportsCalls: boolean
  readonly oneCallPerSubagent: boolean
  /** Whether a subagent's id holds that of the call which started it. */
  readonly namesSubagentsByCall: boolean
}

export function createHarness(random: Random): Harness {
  return {
    reportsCalls: random.chance(0.9),
    oneCallPerSubagent: random.chance(0.5),
    namesSubagentsByCall: random.chance(0.5),
  }
}

/** What a harness calls the next subagent of a session, which the given call starts. */
export function nameSubagent(session: Session, { namesSubagentsByCall }: Harness, callId: Id): string {
  const number = session.subagents++
  return `${session.id}:${namesSubagentsByCall ? `call-${uuidOf(callId)}` : 'explore'}:${number}`
}
