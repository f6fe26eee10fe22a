// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'
import type { Endpoint, InputTrigger } from '../endpoints/endpoint.ts'
import type { Generation } from '../generation.ts'
import { fieldsOf, type JsonBody } from '../request/json-body.ts'
import { readHeader, readSessionHeaders, type SessionIdentity } from './session-headers.ts'

/** Who sent a request. */
export interface Caller {
  /** As rows of this generation carry it. */
  readonly context: TrajectoryContext | SessionContext
  readonly xRequestId?: string
}

/** `agent_context` of Dynamo 1.2. */
export interface TrajectoryContext {
  readonly session_type_id: string
  readonly session_id: string
  readonly trajectory_id: string
  readonly parent_trajectory_id?: string
}

/** `agent_context` of Dynamo 1.3 and later. */
export interface SessionContext extends SessionIdentity {
  readonly input_trigger: InputTrigger
}

/** What a request asks of whom. */
export interface AskedRequest {
  readonly body: JsonBody
  readonly endpoint: Pick<Endpoint, 'inputTrigger'>
  readonly generation: Generation
}

/** @returns undefined when nobody said who is calling. */
export function identifyCaller(request: IncomingMessage, asked: AskedRequest): Caller | undefined {
  const context = asked.generation === '1.2' ? readBodyContext(asked.body) : readSession(request, asked)
  const xRequestId = readHeader(request, 'x-request-id')
  return context && { context, ...(xRequestId !== undefined && { xRequestId }) }
}

function readSession(request: IncomingMessage, { body, endpoint }: AskedRequest): SessionContext | undefined {
  const session = readSessionHeaders(request)
  return session && { ...session, input_trigger: endpoint.inputTrigger(body) }
}

/** Dynamo 1.2: `nvext.agent_context`, checked before; ids stand in the row as they were sent. */
function readBodyContext(body: JsonBody): TrajectoryContext | undefined {
  const context = fieldsOf(fieldsOf(body, 'nvext'), 'agent_context')
  const id = (key: string) => {
    const value = context[key]
    return typeof value === 'string' && value.trim() !== '' ? value : undefined
  }
  const sessionTypeId = id('session_type_id')
  const sessionId = id('session_id')
  const trajectoryId = id('trajectory_id')
  const { parent_trajectory_id: parent } = context
  if (sessionTypeId === undefined || sessionId === undefined || trajectoryId === undefined) return undefined
  return {
    session_type_id: sessionTypeId,
    session_id: sessionId,
    trajectory_id: trajectoryId,
    ...(typeof parent === 'string' && { parent_trajectory_id: parent }),
  }
}
