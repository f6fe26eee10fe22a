// SPDX-License-Identifier: Apache-2.0
import { contextFromEnvironment, currentAgentContext, type AgentContext } from '@dynamo-agent/core'
import { processEnvironment } from './process-environment.ts'

const DEFAULT_AI_SDK_SESSION_TYPE_ID = 'ai_sdk_agent'

/** The class of workload of agents that name none themselves (Dynamo 1.2). */
export function sessionTypeId(): string {
  const { DYN_AGENT_SESSION_TYPE_ID: given = '' } = processEnvironment()
  return given === '' ? DEFAULT_AI_SDK_SESSION_TYPE_ID : given
}

/**
 * The agent that makes a call right now: the one of the innermost
 * withAgentSession or tool around it, else the one that the environment names
 * for the whole process.
 *
 * @returns undefined when nobody has said. One id for whatever a process does
 * would be worse than none: a server would send all its users as one session,
 * and Dynamo all of them to one worker.
 */
export function callingAgent(): AgentContext | undefined {
  return currentAgentContext() ?? agentOfProcess()
}

function agentOfProcess(): AgentContext | undefined {
  const environment = processEnvironment()
  if (!environment.DYN_AGENT_SESSION_ID) return undefined
  return contextFromEnvironment({ ...environment, DYN_AGENT_SESSION_TYPE_ID: sessionTypeId() })
}
