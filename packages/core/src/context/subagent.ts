// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, type AgentContext } from './agent-context.ts'

/**
 * The context of a subagent: same session, a trajectory of its own, the
 * parent's trajectory as parent.
 *
 * @throws DynamoAgentError `DYN_INVALID_IDENTITY` when the id is not a good
 * one or is the parent's own.
 */
export function createSubagentContext(parent: AgentContext, trajectoryId: string): AgentContext {
  return createAgentContext({
    sessionId: parent.sessionId,
    trajectoryId,
    parentTrajectoryId: parent.trajectoryId,
    sessionTypeId: parent.sessionTypeId,
  })
}
