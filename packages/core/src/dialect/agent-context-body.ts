// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '../context/agent-context.ts'
import { encodeAgentHints } from '../hints/agent-hints.ts'
import type { AgentTraceEvent } from '../trace/schemas.ts'
import type { Dialect } from './dialect.ts'
import {
  decodeToolFields,
  encodeToolFields,
  optionalText,
  RejectedToolEvent,
  requiredText,
  structFields,
  verdict,
} from './tool-wire.ts'

const schema = 'dynamo.agent.trace.v1'
const recordKeys = [
  'schema',
  'event_type',
  'event_time_unix_ms',
  'event_source',
  'agent_context',
  'request',
  'tool',
]
const contextKeys = ['session_type_id', 'session_id', 'trajectory_id', 'parent_trajectory_id']

/**
 * Dynamo 1.2: identity in the body as `nvext.agent_context`. Later releases
 * answer 400 to it, so it is sent only where 1.2 is known to listen.
 */
export const agentContextBodyDialect: Dialect = {
  name: 'agent-context-body',

  identify(context, hints, requestId) {
    const agentHints = encodeAgentHints(hints)
    return {
      headers: { 'x-request-id': requestId },
      nvext: { agent_context: encodeContext(context), ...(agentHints && { agent_hints: agentHints }) },
    }
  },

  identifyEnd: () => undefined,

  encodeToolEvent(context, event) {
    return { schema, ...encodeToolFields(event), agent_context: encodeContext(context) }
  },

  accepts(value) {
    return verdict((): AgentTraceEvent => {
      const record = structFields(value, recordKeys)
      if (record === undefined) throw new RejectedToolEvent('expected a map')
      if (record.schema !== schema) throw new RejectedToolEvent(`expected schema \`${schema}\``)
      const source = record.event_source
      if (source !== 'harness' && source !== 'ms_agent') throw new RejectedToolEvent('missing field `event_source`')
      const context = structFields(record.agent_context, contextKeys)
      if (context === undefined) throw new RejectedToolEvent('missing field `agent_context`')
      const parent = optionalText(context, 'parent_trajectory_id')
      const { tool, ...event } = decodeToolFields(record)
      return {
        schema,
        ...event,
        agent_context: {
          session_type_id: requiredId(context, 'session_type_id'),
          session_id: requiredId(context, 'session_id'),
          trajectory_id: requiredId(context, 'trajectory_id'),
          ...(parent !== undefined && { parent_trajectory_id: parent }),
        },
        tool,
      }
    })
  },
}

function encodeContext(context: AgentContext): Readonly<Record<string, string>> {
  return {
    session_type_id: context.sessionTypeId,
    session_id: context.sessionId,
    trajectory_id: context.trajectoryId,
    ...(context.parentTrajectoryId !== undefined && { parent_trajectory_id: context.parentTrajectoryId }),
  }
}

function requiredId(context: Readonly<Record<string, unknown>>, key: string): string {
  const id = requiredText(context, key)
  if (id.trim() === '') throw new RejectedToolEvent('agent_context required identifiers must be non-empty')
  return id
}
