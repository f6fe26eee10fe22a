// SPDX-License-Identifier: Apache-2.0
import { CALLERS_VARIABLE, encodeCallers, readCallers, type Environment } from '@dynamo-agent/core'
import { inheritedCallersOfProcess, piSessionsOfProcess } from './session-registry.ts'

/**
 * The environment with the callers that this process was started by, whatever
 * it tells of itself there by now. One that an application gives has its own
 * callers, unless it is a copy of what this process tells.
 */
export function inheritedEnvironment(environment: Environment): Environment {
  const inherited = inheritedCallersOfProcess(process.env[CALLERS_VARIABLE])
  const isOurs = environment === process.env || namesSessionOfProcess(environment)
  return isOurs ? { ...environment, [CALLERS_VARIABLE]: inherited } : environment
}

function namesSessionOfProcess(environment: Environment): boolean {
  const ids = new Set(piSessionsOfProcess().map(({ piSessionId }) => piSessionId))
  return readCallers(environment)?.agents.some(({ harnessSessionId }) => ids.has(harnessSessionId)) ?? false
}

/**
 * Tells whatever the tools of this process start which sessions live in it.
 * Tools get the process's own environment, so that is where it must stand. A
 * host that gives another one, and so no environment of the process, is left
 * alone.
 */
export function tellCallers(environment: Environment): void {
  if (environment !== process.env) return
  const agents = piSessionsOfProcess()
    .filter(({ live }) => live)
    .map(({ piSessionId, context, priority }) => ({ ...context, harnessSessionId: piSessionId, priority }))
  if (agents.length === 0) {
    Reflect.deleteProperty(process.env, CALLERS_VARIABLE)
    return
  }
  const { DYN_AGENT_SESSION_ID: sessionId, DYN_AGENT_TRAJECTORY_ID: trajectoryId } = environment
  process.env[CALLERS_VARIABLE] = encodeCallers({ sessionId, trajectoryId, agents })
}
