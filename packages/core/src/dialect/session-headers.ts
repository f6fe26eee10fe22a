// SPDX-License-Identifier: Apache-2.0
import type { AgentContext } from '../context/agent-context.ts'
import { encodeAgentHints } from '../hints/agent-hints.ts'
import type { RequestTraceEvent } from '../trace/schemas.ts'
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

const schema = 'dynamo.request.trace.v1'
const recordKeys = ['schema', 'event_type', 'event_time_unix_ms', 'session_id', 'parent_session_id', 'tool']

/**
 * Dynamo 1.3 and later: identity in `x-dynamo-session-*` headers, tool events
 * as flat records. What this generation calls a session is our trajectory.
 * Older releases ignore the headers, so this dialect harms nobody.
 */
export const sessionHeadersDialect: Dialect = {
  name: 'session-headers',

  identify(context, hints, requestId) {
    const parent = parentOnTheWire(context)
    const agentHints = encodeAgentHints(hints)
    return {
      headers: {
        'x-dynamo-session-id': context.trajectoryId,
        ...(parent !== undefined && { 'x-dynamo-parent-session-id': parent }),
        'x-request-id': requestId,
      },
      ...(agentHints && { nvext: { agent_hints: agentHints } }),
    }
  },

  /** Dynamo writes `session_final` into the row, and up to 1.5 lets go of the session's cache (measured on 1.3.1 to 1.6.1). */
  identifyEnd(context, requestId) {
    const { headers } = sessionHeadersDialect.identify(context, {}, requestId)
    return { headers: { ...headers, 'x-dynamo-session-final': 'true' } }
  },

  /**
   * The released ingest wants `session_id` at the top; the form with an
   * `agent_context` object that some of its documentation shows is dropped
   * (measured on 1.3.1 to 1.6.1).
   */
  encodeToolEvent(context, event) {
    const parent = parentOnTheWire(context)
    return {
      schema,
      ...encodeToolFields(event),
      session_id: context.trajectoryId,
      ...(parent !== undefined && { parent_session_id: parent }),
    }
  },

  accepts(value) {
    return verdict((): RequestTraceEvent => {
      const record = structFields(value, recordKeys)
      if (record === undefined) throw new RejectedToolEvent('expected a map')
      if (record.schema !== schema) throw new RejectedToolEvent(`expected schema \`${schema}\``)
      const parent = optionalText(record, 'parent_session_id')
      const { tool, ...event } = decodeToolFields(record)
      if (tool.duration_ms === null) throw new RejectedToolEvent('tool duration_ms must be finite')
      return {
        schema,
        ...event,
        agent_context: {
          session_id: requiredText(record, 'session_id'),
          ...(parent !== undefined && { parent_session_id: parent }),
        },
        tool,
      }
    })
  },
}

/** Without a parent of its own, a trajectory names the session, so that a reader finds the run by walking up. */
function parentOnTheWire({ parentTrajectoryId, sessionId, trajectoryId }: AgentContext): string | undefined {
  return parentTrajectoryId ?? (trajectoryId === sessionId ? undefined : sessionId)
}
