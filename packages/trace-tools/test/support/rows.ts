// SPDX-License-Identifier: Apache-2.0

/** A line of a trace as Dynamo 1.6 writes it, without the line end. */
export function requestLine(id: string, session = 'run'): string {
  return requestLineAt(1_795_258_854_030, id, session)
}

/** The same of a request that ended at this time. */
export function requestLineAt(timeMs: number, id: string, session = 'run'): string {
  return JSON.stringify({
    timestamp: 1,
    event: {
      schema: 'dynamo.request.trace.v1',
      event_type: 'request_end',
      event_time_unix_ms: timeMs,
      event_source: 'dynamo',
      agent_context: { session_id: session },
      request: { request_id: id, request_received_ms: timeMs - 74, total_time_ms: 74.3 },
    },
  })
}

export function payloadLine(id: string, bodyBytes = 10): string {
  return JSON.stringify({
    timestamp: 1,
    event: {
      schema: 'dynamo.request.trace.v1',
      event_type: 'request_payload',
      event_time_unix_ms: 1_795_258_854_030,
      payload: { request_id: id, payload_complete: true, request: 'x'.repeat(bodyBytes) },
    },
  })
}
