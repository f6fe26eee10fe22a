// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises'
import { stringifyExactJson } from '@dynamo-agent/core'
import type { IdentityCase } from '../differences/cases.ts'
import { exchange } from '../http.ts'
import type { Target } from '../targets/target.ts'
import { readTrace, waitForRow, type TraceLine } from '../trace.ts'
import { abbreviate } from './abbreviate.ts'
import { chatRequest } from './chat.ts'

/** Whom the rows name, for all cases at once: a row is found by the id of its answer. */
export async function observeIdentities(
  target: Target,
  cases: readonly IdentityCase[],
): Promise<Map<IdentityCase, string>> {
  const answers: { readonly one: IdentityCase; readonly status: number; readonly id: string | undefined }[] = []
  for (const one of cases) {
    const response = await exchange(chatRequest(target, one))
    answers.push({ one, status: response.status, id: response.status === 200 ? requestId(response.text) : undefined })
  }
  const lines = await settledTrace(target)
  return new Map(answers.map(({ one, status, id }) => [one, status === 200 ? describeRow(lines, id) : String(status)]))
}

/** The trace with the rows of everything that was answered before. */
export async function settledTrace(target: Target): Promise<TraceLine[]> {
  const marker = `marker-${performance.now()}`
  await exchange(chatRequest(target, { caller: marker }))
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

function describeRow(lines: readonly TraceLine[], id: string | undefined): string {
  const row = lines.find(({ event }) => event.request?.request_id === id)?.event
  if (row === undefined) return 'no row'
  return row.agent_context === undefined ? 'context-free' : abbreviate(stringifyExactJson(row.agent_context))
}
