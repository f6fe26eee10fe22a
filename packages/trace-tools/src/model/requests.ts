// SPDX-License-Identifier: Apache-2.0
import type { RequestRecord } from '@dynamo-agent/core'
import { byStart } from './interval.ts'
import { divideIntoStages, findFirstToken } from './stages.ts'
import type { Interval, Request } from './trace-model.ts'

/** The requests of one trajectory, by start. */
export function buildRequests(records: readonly RequestRecord[]): Request[] {
  return records.map(buildRequest).sort(byStart)
}

function buildRequest(record: RequestRecord): Request {
  const interval = readInterval(record)
  const firstTokenMs = findFirstToken(interval, record.request)
  return {
    kind: 'request',
    record,
    ...interval,
    stages: divideIntoStages(interval, record.request),
    ...(firstTokenMs !== undefined && { firstTokenMs }),
  }
}

/** A row without the time it was received starts at its event, as in the converter that ships with Dynamo. */
function readInterval({ eventTimeMs, request: { receivedMs, totalMs } }: RequestRecord): Interval {
  const startMs = receivedMs ?? eventTimeMs
  const durationMs = totalMs !== undefined && totalMs >= 0 ? totalMs : Math.max(0, eventTimeMs - startMs)
  return { startMs, endMs: startMs + durationMs }
}
