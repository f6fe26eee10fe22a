// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../read/columns.ts'
import { callsBefore, rawText, textOf, type RowReference } from '../read/row-batch.ts'
import { readAskedCalls, readWrittenCalls, type NamedCall } from './asked-calls.ts'
import { Kept } from './kept.ts'
import type { ModelCore } from './model-core.ts'
import type { AskedCall } from './model-sink.ts'

/** A request, as far as it asks for calls. */
export interface AskingRequest extends Pick<AskedCall, 'startMs' | 'endMs'> {
  readonly row: RowReference
  /** Its place among all trajectories. */
  readonly trajectory: number
}

/** What is kept of a request that asks for calls. */
interface KeptRequest extends Pick<AskedCall, 'startMs' | 'endMs' | 'requestId'> {
  /**
   * What it asks for: its text, a character for each byte, as long as nobody
   * wants to know. Most calls are reported a little later.
   */
  calls: string | readonly NamedCall[]
  next: AskedCall['next']
}

/** What the rows of requests say of calls that nobody reported, until the calls are settled: by then the rows are forgotten. */
export class AskedTexts {
  readonly #kept = new Kept<KeptRequest>()
  /** By trajectory, where its requests overlap: the id of the one that began last. */
  readonly #lastIds: (string | undefined)[] = []

  /** One of the calls, by its place among those that its request asked for. */
  at(asked: number, call: number): AskedCall | undefined {
    const kept = this.#kept.at(asked)
    if (typeof kept.calls === 'string') kept.calls = readWrittenCalls(kept.calls) ?? []
    const { calls, requestId, startMs, endMs, next } = kept
    const named = calls[call]
    return named && { ...named, requestId, startMs, endMs, next }
  }

  /** @returns 0 where there are no calls, or all are reported. */
  keep({ row, trajectory, startMs, endMs }: AskingRequest, core: ModelCore): number {
    const calls = tellRegular(row, core) ?? tellOthers(row, trajectory, core)
    return calls === undefined ? 0 : this.#kept.keep({ requestId: idOf(row), startMs, endMs, calls, next: undefined })
  }

  forget(asked: number): void {
    this.#kept.forget(asked)
  }

  /** The request on a row comes after the one that asked. */
  expectNext(asked: number, row: RowReference, startMs: number): void {
    this.#kept.at(asked).next = { requestId: idOf(row), startMs }
  }

  /** A trajectory's last request comes after the one that asked. */
  expectLast(asked: number, trajectory: number, startMs: number): void {
    this.#kept.at(asked).next = { requestId: this.#lastIds[trajectory] ?? '', startMs }
  }

  rememberLast(trajectory: number, row: RowReference): void {
    this.#lastIds[trajectory] = idOf(row)
  }

  forgetLast(trajectory: number): void {
    this.#lastIds[trajectory] = undefined
  }
}

/** Tells of calls that the scanner has found and hashed. */
function tellRegular(row: RowReference, core: ModelCore): string | undefined {
  const { calls, callEnds, finishShapes } = row.batch
  if (finishShapes[row.row] === 0) return undefined
  const end = callEnds[row.row] ?? 0
  for (let call = callsBefore(row); call < end; call++) {
    core.addAskedCall(true, calls[call * 2] ?? 0, calls[call * 2 + 1] ?? 0)
  }
  return rawText(row, requestText.finish)
}

/** Tells of calls that have to be looked for. */
function tellOthers(row: RowReference, trajectory: number, core: ModelCore): readonly NamedCall[] | undefined {
  const calls = readAskedCalls(row, ({ low, high }) => core.isReportedIn(trajectory, low, high) !== 0)
  for (const { hash } of calls ?? []) core.addAskedCall(hash !== undefined, hash?.low ?? 0, hash?.high ?? 0)
  return calls?.map(({ call }) => call)
}

function idOf(row: RowReference): string {
  return textOf(row, requestText.requestId) ?? ''
}
