// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../read/columns.ts'
import { textOf, type RowReference } from '../read/row-batch.ts'
import { readAskedCalls, type AskedByRow } from './asked-calls.ts'
import { Kept } from './kept.ts'
import type { ModelCore } from './model-core.ts'
import type { AskedCall } from './model-sink.ts'

/** A request, as far as it asks for calls. */
export interface AskingRequest extends Pick<AskedCall, 'startMs' | 'endMs'> {
  readonly row: RowReference
  /** Its place among all trajectories. */
  readonly trajectory: number
}

/** What the rows of requests say of calls that nobody reported, until the calls are settled: by then the rows are forgotten. */
export class AskedTexts {
  readonly #kept = new Kept<readonly AskedByRow[]>()
  /** By trajectory, where its requests overlap: the id of the one that began last. */
  readonly #lastIds: (string | undefined)[] = []

  at(asked: number): readonly AskedCall[] {
    return this.#kept.at(asked)
  }

  /** @returns 0 where there are no calls, or all are reported. */
  keep({ row, trajectory, startMs, endMs }: AskingRequest, core: ModelCore): number {
    const calls = readAskedCalls(row, ({ low, high }) => core.isReportedIn(trajectory, low, high) !== 0)
    if (calls === undefined) return 0
    const requestId = idOf(row)
    for (const call of calls) {
      call.requestId = requestId
      call.startMs = startMs
      call.endMs = endMs
      core.addAskedCall(call.id !== undefined, call.hash.low, call.hash.high)
    }
    return this.#kept.keep(calls)
  }

  forget(asked: number): void {
    this.#kept.forget(asked)
  }

  /** The request on a row comes after the one that asked. */
  expectNext(asked: number, row: RowReference, startMs: number): void {
    this.#expect(asked, { requestId: idOf(row), startMs })
  }

  /** A trajectory's last request comes after the one that asked. */
  expectLast(asked: number, trajectory: number, startMs: number): void {
    this.#expect(asked, { requestId: this.#lastIds[trajectory] ?? '', startMs })
  }

  rememberLast(trajectory: number, row: RowReference): void {
    this.#lastIds[trajectory] = idOf(row)
  }

  forgetLast(trajectory: number): void {
    this.#lastIds[trajectory] = undefined
  }

  #expect(asked: number, next: NonNullable<AskedCall['next']>): void {
    for (const call of this.#kept.at(asked)) call.next = next
  }
}

function idOf(row: RowReference): string {
  return textOf(row, requestText.requestId) ?? ''
}
