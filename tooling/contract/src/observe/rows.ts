// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowCase } from '../differences/cases.ts'
import { exchange, exchangeCutAtFirstBytes, exchangeWithin } from '../http.ts'
import type { Target } from '../targets/target.ts'
import type { Fields, TraceLine } from '../trace.ts'
import { chatRequest, dialectOf } from './chat.ts'
import { settledTrace } from './identity.ts'

/** More than any frontend generates before it sees that nobody listens. */
export const LONG_TOKENS = 8000
/** A drop that comes before the frontend has handed the request on shows nothing, so later ones are tried too. */
const DROPPED_AFTER_MS = [30, 60, 120]

/** Whether each case leaves a row, for all at once: a row is found by its caller. */
export async function observeRows(target: Target, cases: readonly RowCase[]): Promise<Map<RowCase, string>> {
  const callers = new Map(cases.map((one) => [one, randomUUID()]))
  for (const [one, caller] of callers) await send(target, one, caller)
  await sleep(300)
  const lines = await settledTrace(target)
  return new Map([...callers].map(([one, caller]) => [one, lines.some(isOf(caller)) ? 'row' : 'no row']))
}

export function isOf(caller: string): (line: TraceLine) => boolean {
  return ({ event }) => event.agent_context?.session_id === caller
}

async function send(target: Target, one: RowCase, caller: string): Promise<void> {
  const { path, cut } = one
  if (cut === 'at the first bytes') {
    await exchangeCutAtFirstBytes(
      chatRequest(target, { caller, body: { ...target.longAnswer(LONG_TOKENS), stream: true } }),
    )
    return
  }
  if (cut === 'before the answer') {
    for (const limitMs of DROPPED_AFTER_MS) {
      await exchangeWithin(limitMs, chatRequest(target, { caller, body: target.longAnswer(LONG_TOKENS) }))
    }
    return
  }
  const body = one.whole === undefined ? one.body : JSON.stringify(identified(target, one.whole, caller))
  await exchange(chatRequest(target, { path, body, caller }))
}

function identified(target: Target, body: Fields, caller: string): Fields {
  return dialectOf(target).name === 'session-headers'
    ? body
    : { ...body, nvext: { agent_context: { session_type_id: 'agent', session_id: caller, trajectory_id: caller } } }
}
