// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringifyExactJson } from '@dynamo-agent/core'
import type { IdentityCase } from '../differences/cases.ts'
import { exchange } from '../http.ts'
import type { Target } from '../targets/target.ts'
import { readTrace, waitForRow, type TraceLine } from '../trace.ts'
import { abbreviate } from './abbreviate.ts'
import { requestTo } from './requests.ts'

/**
 * Whom the rows name, for all cases at once. A row is found by the id of its
 * answer; those of responses have ids of their own, so there it is found by
 * that of the request, which rows that name somebody have.
 */
export async function observeIdentities(
  target: Target,
  cases: readonly IdentityCase[],
): Promise<Map<IdentityCase, string>> {
  const answers: { readonly one: IdentityCase; readonly status: number; readonly ids: readonly unknown[] }[] = []
  for (const one of cases) {
    const ownId = randomUUID()
    const headers = { 'x-request-id': ownId, ...one.headers }
    const { status, text } = await exchange(requestTo(target, { ...one, headers }))
    answers.push({ one, status, ids: [ownId, ...(status === 200 ? [requestId(text)] : [])] })
  }
  const lines = await settledTrace(target)
  return new Map(
    answers.map(({ one, status, ids }) => [one, status === 200 ? describeRow(lines, ids) : String(status)]),
  )
}

/** The trace with the rows of everything that was answered before. */
export async function settledTrace(target: Target): Promise<TraceLine[]> {
  const marker = `marker-${performance.now()}`
  await exchange(requestTo(target, { caller: marker }))
  await waitForRow(target, ({ event }) => event.request?.x_request_id === marker)
  // Rows of requests that end together are not always written in the order of their ends.
  await sleep(50)
  return readTrace(target)
}

/** `chatcmpl-` and the like stand before the id that the row has. */
function requestId(text: string): string {
  const { id } = JSON.parse(text) as { id: string }
  return id.replace(/^[a-z]+-/, '')
}

function describeRow(lines: readonly TraceLine[], ids: readonly unknown[]): string {
  const isIt = ({ event: { request } }: TraceLine) =>
    ids.includes(request?.request_id) || (request?.x_request_id !== undefined && ids.includes(request.x_request_id))
  const row = lines.find(isIt)?.event
  if (row === undefined) return 'no row'
  return row.agent_context === undefined ? 'context-free' : abbreviate(stringifyExactJson(row.agent_context))
}
