// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import { requestText } from '../read/columns.ts'
import { FinishCursor } from '../read/finish-cursor.ts'
import { callsBefore, decodeText, textLength, textOf, textStart, type RowReference } from '../read/row-batch.ts'
import type { HashHalves } from '../read/word-hash.ts'

/** The tool calls that a request asked for. */
export interface AskedCalls {
  readonly requestId: string
  readonly startMs: number
  /** When the request ended, and the calls could begin. */
  readonly endMs: number
  readonly calls: readonly FinishedCall[]
  /** The request that began next, as far as is known. */
  next?: { readonly requestId: string; readonly startMs: number }
}

export interface FinishedCall {
  readonly id: string | undefined
  /** Of the id. */
  readonly hash: HashHalves | undefined
  readonly name: string | undefined
  readonly choiceIndex: number
  readonly toolCallIndex: number
  /** Edges to trajectories that began during the call. */
  readonly spawns: number[]
  /** Its end was read after all. */
  isReported: boolean
}

/** Told the hash of a call's id. */
type IsReported = (low: number, high: number) => boolean

const cursor = new FinishCursor()

/**
 * The calls that a request's row names and nobody reported; undefined where
 * there are none. Mostly all are reported, and nothing has to be decoded.
 */
export function readAskedCalls(row: RowReference, isReported: IsReported): readonly FinishedCall[] | undefined {
  if (textStart(row, requestText.finish) === 0) return undefined
  const isRegular = row.batch.finishShapes[row.row] !== 0
  if (isRegular && areAllReported(row, isReported)) return undefined
  const written = readWrittenCalls(row)
  if (isRegular) return written
  if (written?.every(({ hash }) => hash !== undefined && isReported(hash.low, hash.high)) === true) return undefined
  const finish = textOf(row, requestText.finish)
  return finish?.includes('"tool_calls"') === true ? parseCalls(finish) : undefined
}

function areAllReported(row: RowReference, isReported: IsReported): boolean {
  const { calls, callEnds } = row.batch
  const end = callEnds[row.row] ?? 0
  for (let call = callsBefore(row); call < end; call++) {
    if (!isReported(calls[call * 2] ?? 0, calls[call * 2 + 1] ?? 0)) return false
  }
  return true
}

/** The calls of a row, where they are as Dynamo writes them. */
function readWrittenCalls(row: RowReference): FinishedCall[] | undefined {
  const { bytes } = row.batch
  const start = textStart(row, requestText.finish)
  if (!cursor.enter(bytes, start, start + textLength(row, requestText.finish))) return undefined
  const calls: FinishedCall[] = []
  for (;;) {
    const isLast = cursor.next()
    if (isLast === undefined) return undefined
    const { choiceIndex, toolCallIndex, idStart, idEnd, nameStart, nameEnd } = cursor
    calls.push(
      finishedCall({
        id: decodeText(bytes, idStart, idEnd - idStart),
        name: decodeText(bytes, nameStart, nameEnd - nameStart),
        choiceIndex,
        toolCallIndex,
      }),
    )
    if (isLast) return calls
  }
}

function parseCalls(finish: string): FinishedCall[] | undefined {
  const { tool_calls: calls } = JSON.parse(finish) as { readonly tool_calls?: unknown }
  if (!Array.isArray(calls)) return undefined
  const asked = calls.filter(isFields).map((call) =>
    finishedCall({
      id: typeof call.id === 'string' ? call.id : undefined,
      name: typeof call.name === 'string' ? call.name : undefined,
      choiceIndex: readIndex(call.choice_index),
      toolCallIndex: readIndex(call.tool_call_index),
    }),
  )
  return asked.length > 0 ? asked : undefined
}

function finishedCall(call: Pick<FinishedCall, 'id' | 'name' | 'choiceIndex' | 'toolCallIndex'>): FinishedCall {
  const hash = call.id === undefined ? undefined : new CallHash().ofText(call.id)
  return { ...call, hash, spawns: [], isReported: false }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readIndex(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
