// SPDX-License-Identifier: Apache-2.0
import type { Environment } from './handoff.ts'

/** An agent in the process that started this one. */
export interface Caller {
  /** Its harness's own id of it, such as a Pi session id. */
  readonly harnessSessionId: string
  readonly sessionId: string
  readonly trajectoryId: string
}

/** What a process tells every program that it starts, whoever starts it and however. */
export interface Callers {
  /**
   * The `DYN_AGENT_SESSION_ID` and `DYN_AGENT_TRAJECTORY_ID` that the process
   * itself was started with. A program that finds others was handed them on
   * purpose; one that finds the same has merely inherited them.
   */
  readonly sessionId: string | undefined
  readonly trajectoryId: string | undefined
  /** Its agents, the first one first. */
  readonly agents: readonly Caller[]
}

/** The variable that carries callers. */
export const CALLERS_VARIABLE = 'DYN_AGENT_CALLERS'

/** The value of `DYN_AGENT_CALLERS`: ids hold no blank, and an absent one is empty. */
export function encodeCallers({ sessionId = '', trajectoryId = '', agents }: Callers): string {
  const ids = agents.flatMap((agent) => [agent.harnessSessionId, agent.sessionId, agent.trajectoryId])
  return [sessionId, trajectoryId, ...ids].join(' ')
}

/** @returns undefined when no adapter runs in the process that started this one, or the value makes no sense. */
export function readCallers(environment: Environment): Callers | undefined {
  const value = environment[CALLERS_VARIABLE]
  if (!value) return undefined
  const [sessionId, trajectoryId, ...ids] = value.split(' ')
  if (ids.length === 0 || ids.length % 3 !== 0 || ids.includes('')) return undefined
  const agents = Array.from({ length: ids.length / 3 }, (_, index): Caller => {
    const [harnessSessionId = '', callerSessionId = '', callerTrajectoryId = ''] = ids.slice(3 * index)
    return { harnessSessionId, sessionId: callerSessionId, trajectoryId: callerTrajectoryId }
  })
  const given = (id: string | undefined) => (id === '' ? undefined : id)
  return { sessionId: given(sessionId), trajectoryId: given(trajectoryId), agents }
}
