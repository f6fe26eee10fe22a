// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import { requestText } from '../read/columns.ts'
import { FinishCursor } from '../read/finish-cursor.ts'
import { callsBefore, decodeText, textLength, textOf, textStart, type RowReference } from '../read/row-batch.ts'
import type { HashHalves } from '../read/word-hash.ts'
import type { AskedCall } from './model-sink.ts'

type NamedCall = Pick<AskedCall, 'id' | 'name' | 'choiceIndex' | 'toolCallIndex'>

/** A tool call that a request asked for: first as its row names it, then with what is known of the request. */
export class AskedByRow implements AskedCall {
  readonly id: string | undefined
  readonly name: string | undefined
  readonly choiceIndex: number
  readonly toolCallIndex: number
  /** Of the id, if there is one. */
  readonly hash: HashHalves
  requestId = ''
  startMs = Number.NaN
  endMs = Number.NaN
  next: AskedCall['next'] = undefined

  constructor({ id, name, choiceIndex, toolCallIndex }: NamedCall, hash: HashHalves) {
    this.id = id
    this.name = name
    this.choiceIndex = choiceIndex
    this.toolCallIndex = toolCallIndex
    this.hash = hash
  }
}

const noHash: HashHalves = { low: 0, high: 0 }

/** Told the hash of a call's id. */
type IsReported = (hash: HashHalves) => boolean

const cursor = new FinishCursor()

/** The calls that a request's row names; undefined where there are none, or all are reported as far as one can tell. */
export function readAskedCalls(row: RowReference, isReported: IsReported): readonly AskedByRow[] | undefined {
  const isRegular = row.batch.finishShapes[row.row] !== 0
  const written = readWrittenCalls(row, isRegular)
  if (isRegular) return written
  if (written?.every(({ hash }) => isReported(hash)) === true) return undefined
  const finish = textOf(row, requestText.finish)
  return finish?.includes('"tool_calls"') === true ? parseCalls(finish) : undefined
}

/** The calls of a row, where they are as Dynamo writes them. */
function readWrittenCalls(row: RowReference, isRegular: boolean): AskedByRow[] | undefined {
  const { bytes, calls: hashes } = row.batch
  const start = textStart(row, requestText.finish)
  if (!cursor.enter(bytes, start, start + textLength(row, requestText.finish))) return undefined
  const calls: AskedByRow[] = []
  for (let at = callsBefore(row) * 2; ; at += 2) {
    const isLast = cursor.next()
    if (isLast === undefined) return undefined
    const { choiceIndex, toolCallIndex, idStart, idEnd, nameStart, nameEnd } = cursor
    const id = decodeText(bytes, idStart, idEnd - idStart)
    const name = decodeText(bytes, nameStart, nameEnd - nameStart)
    // Where the text is regular the scanner has hashed the ids.
    const hash = isRegular ? { low: hashes[at] ?? 0, high: hashes[at + 1] ?? 0 } : hashOf(id)
    calls.push(new AskedByRow({ id, name, choiceIndex, toolCallIndex }, hash))
    if (isLast) return calls
  }
}

function parseCalls(finish: string): AskedByRow[] | undefined {
  const { tool_calls: calls } = JSON.parse(finish) as { readonly tool_calls?: unknown }
  if (!Array.isArray(calls)) return undefined
  const asked = calls.filter(isFields).map((call) => {
    const id = typeof call.id === 'string' ? call.id : undefined
    const name = typeof call.name === 'string' ? call.name : undefined
    const [choiceIndex, toolCallIndex] = [readIndex(call.choice_index), readIndex(call.tool_call_index)]
    return new AskedByRow({ id, name, choiceIndex, toolCallIndex }, id === undefined ? noHash : hashOf(id))
  })
  return asked.length > 0 ? asked : undefined
}

function hashOf(id: string): HashHalves {
  return new CallHash().ofText(id)
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readIndex(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
