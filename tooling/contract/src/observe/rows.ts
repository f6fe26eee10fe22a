// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { expectedOf } from '../differences.ts'
import type { RowCase } from '../differences/cases.ts'
import { exchange, exchangeCut, exchangeWithin } from '../http.ts'
import type { Target } from '../targets/target.ts'
import { waitForRow, type TraceLine } from '../trace.ts'
import { settledTrace } from './identity.ts'
import { requestTo } from './requests.ts'

/** More than any frontend generates before it sees that nobody listens. */
export const LONG_TOKENS = 8000
/** A drop that comes before the frontend has handed the request on shows nothing, so later ones are tried too. */
const DROPPED_AFTER_MS = [30, 60, 120, 250, 500, 1000]
/** So long is waited for a row that need not come. */
const PATIENCE_MS = 500

/** Which rows each case leaves, for all at once: they are found by their caller. */
export async function observeRows(target: Target, cases: readonly RowCase[]): Promise<Map<RowCase, string>> {
  const callers = new Map(cases.map((one) => [one, randomUUID()]))
  for (const [one, caller] of callers) await send(target, one, caller)
  const lines = await settledTrace(target)
  return new Map([...callers].map(([one, caller]) => [one, describeRows(one, lines.filter(isOf(caller)).length)]))
}

export function isOf(caller: string): (line: TraceLine) => boolean {
  return ({ event }) => event.agent_context?.session_id === caller
}

function describeRows({ cut }: RowCase, rows: number): string {
  if (rows === 0) return 'no row'
  return rows === 1 || cut === 'before the answer' ? 'row' : `${rows} rows`
}

async function send(target: Target, one: RowCase, caller: string): Promise<void> {
  const { path, body, cut } = one
  const long = target.longAnswer(LONG_TOKENS, path === '/v1/messages' ? undefined : path)
  switch (cut) {
    case undefined:
      await exchange(requestTo(target, { path, body, caller }))
      break
    case 'in the middle':
      await exchangeCut(requestTo(target, { path, caller, body: { ...long, stream: true } }))
      // The frontend notices that nobody listens when it has something to send, and then the row comes.
      await rowComes(target, caller, expectedOf(target, one) === 'no row' ? PATIENCE_MS : undefined)
      break
    case 'before the answer':
      for (const limitMs of DROPPED_AFTER_MS) {
        const answer = await exchangeWithin(limitMs, requestTo(target, { path, caller, body: long }))
        if (answer !== undefined || (await rowComes(target, caller, PATIENCE_MS))) break
      }
  }
}

function rowComes(target: Target, caller: string, limitMs?: number): Promise<boolean> {
  return waitForRow(target, isOf(caller), limitMs).then(
    () => true,
    () => false,
  )
}
