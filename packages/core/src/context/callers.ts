// SPDX-License-Identifier: Apache-2.0
import type { Environment } from './handoff.ts'

/** An agent in the process that started this one. */
export interface Caller {
  /** Its harness's own id of it, such as a Pi session id. */
  readonly harnessSessionId: string
  readonly sessionId: string
  readonly trajectoryId: string
  /** Of its requests, where they have one; its subagents may go by it. */
  readonly priority?: number | undefined
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

/**
 * The value of `DYN_AGENT_CALLERS`: fields between blanks, an absent id being
 * empty, and what cannot stand in a field percent-encoded. Where an agent has a
 * priority, those of all follow after an empty field, a `-` standing for none.
 */
export function encodeCallers({ sessionId, trajectoryId, agents }: Callers): string {
  const given = [sessionId, trajectoryId].map((id = '') => encodeField(id))
  const ids = agents.flatMap((agent) => [agent.harnessSessionId, agent.sessionId, agent.trajectoryId].map(encodeField))
  const priorities = agents.map(({ priority }) => priority ?? '-')
  const hasPriority = agents.some(({ priority }) => priority !== undefined)
  return [...given, ...ids, ...(hasPriority ? ['', ...priorities] : [])].join(' ')
}

/** @returns undefined when no adapter runs in the process that started this one, or the value makes no sense. */
export function readCallers(environment: Environment): Callers | undefined {
  const value = environment[CALLERS_VARIABLE]
  if (!value) return undefined
  const decoded = decodeFields(value)
  if (decoded === undefined) return undefined
  const [sessionId, trajectoryId, ...fields] = decoded
  const end = fields.includes('') ? fields.indexOf('') : fields.length
  const [ids, priorities] = [fields.slice(0, end), fields.slice(end + 1)]
  if (ids.length === 0 || ids.length % 3 !== 0 || priorities.includes('')) return undefined
  const agents = Array.from({ length: ids.length / 3 }, (_, index): Caller => {
    const [harnessSessionId = '', callerSessionId = '', callerTrajectoryId = ''] = ids.slice(3 * index)
    const priority = priorities[index]
    return {
      harnessSessionId,
      sessionId: callerSessionId,
      trajectoryId: callerTrajectoryId,
      ...(priority !== undefined && /^-?\d+$/.test(priority) && { priority: Number(priority) }),
    }
  })
  const given = (id: string | undefined) => (id === '' ? undefined : id)
  return { sessionId: given(sessionId), trajectoryId: given(trajectoryId), agents }
}

/**
 * The ids that a process was started with are whatever somebody wrote into its
 * environment. They are not mended here: a reader compares them with its own
 * environment. Good ids, which hold visible ASCII alone, stay as they are but
 * for the percent sign.
 */
function encodeField(id: string): string {
  // Half a character, which cannot be encoded, stands in no environment either.
  const text = id.replace(/\p{Surrogate}/gu, '\ufffd')
  return text.replace(/[^\x21-\x24\x26-\x7e]+/g, encodeURIComponent)
}

function decodeFields(value: string): readonly string[] | undefined {
  try {
    return value.split(' ').map(decodeURIComponent)
  } catch {
    return undefined
  }
}
