// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import { requestText } from '../read/columns.ts'
import { FinishCursor } from '../read/finish-cursor.ts'
import { rawText, textOf, type RowReference } from '../read/row-batch.ts'
import type { HashHalves } from '../read/word-hash.ts'
import type { AskedCall } from './model-sink.ts'

/** A tool call as the row of the request names it that asked for it. */
export type NamedCall = Pick<AskedCall, 'id' | 'name' | 'choiceIndex' | 'toolCallIndex'>

/** One of a row whose calls have to be looked for in its text. */
export interface HashedCall {
  readonly call: NamedCall
  /** Of the id; absent where there is none. */
  readonly hash: HashHalves | undefined
}

/** Told the hash of a call's id. */
type IsReported = (hash: HashHalves) => boolean

const cursor = new FinishCursor()

/** The calls that the row of a request names; undefined where there are none, or all are reported as far as one can tell. */
export function readAskedCalls(row: RowReference, isReported: IsReported): readonly HashedCall[] | undefined {
  const written = readWrittenCalls(rawText(row, requestText.finish))?.map(hashed)
  if (written?.every(({ hash }) => hash !== undefined && isReported(hash)) === true) return undefined
  const finish = textOf(row, requestText.finish)
  return finish?.includes('"tool_calls"') === true ? parseCalls(finish) : undefined
}

/**
 * The calls in a `finish_reason_metadata`, where they are as Dynamo writes them.
 *
 * @param text With a character for each byte.
 */
export function readWrittenCalls(text: string): readonly NamedCall[] | undefined {
  const finish = Buffer.from(text, 'latin1')
  if (!cursor.enter(finish, 0, finish.length)) return undefined
  const calls: NamedCall[] = []
  for (;;) {
    const isLast = cursor.next()
    if (isLast === undefined) return undefined
    const { choiceIndex, toolCallIndex, idStart, idEnd, nameStart, nameEnd } = cursor
    const id = finish.toString('utf8', idStart, idEnd)
    calls.push({ id, name: finish.toString('utf8', nameStart, nameEnd), choiceIndex, toolCallIndex })
    if (isLast) return calls
  }
}

function parseCalls(finish: string): HashedCall[] | undefined {
  const { tool_calls: calls } = JSON.parse(finish) as { readonly tool_calls?: unknown }
  if (!Array.isArray(calls)) return undefined
  const asked = calls.filter(isFields).map((call) => {
    const id = typeof call.id === 'string' ? call.id : undefined
    const name = typeof call.name === 'string' ? call.name : undefined
    const [choiceIndex, toolCallIndex] = [readIndex(call.choice_index), readIndex(call.tool_call_index)]
    return hashed({ id, name, choiceIndex, toolCallIndex })
  })
  return asked.length > 0 ? asked : undefined
}

function hashed(call: NamedCall): HashedCall {
  return { call, hash: call.id === undefined ? undefined : new CallHash().ofText(call.id) }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readIndex(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
