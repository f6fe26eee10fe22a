// SPDX-License-Identifier: Apache-2.0
import { NUMBER_COLUMNS, requestText, TEXT_COLUMNS } from '../read/columns.ts'
import type { RowBatch } from '../read/row-batch.ts'
import type { ModelCore } from './model-core.ts'
import type { TrajectoryIndex } from './trajectory-index.ts'

/** What a row says of the calls that it asked for: nothing, something, or that their hashes stand in the batch. */
const finishes = { none: 0, irregular: 1, regular: 2 } as const

/** The compiled side, and who its trajectories are. */
export interface NamedCore {
  readonly core: ModelCore
  readonly index: TrajectoryIndex
}

/**
 * Hands the columns of a batch to the compiled side.
 *
 * @returns How many of its rows repeat others.
 */
export function takeBatch({ core, index }: NamedCore, slot: number, batch: RowBatch): number {
  const { count } = batch
  copyColumns(core, slot, batch)
  const repeated = core.dropRepeated(count)
  nameTrajectories({ core, index }, batch)
  core.take(slot, count)
  return repeated
}

function copyColumns(core: ModelCore, slot: number, { count, kinds, numbers, fingerprints, workerHashes, calls, callEnds }: RowBatch): void {
  const callCount = count === 0 ? 0 : (callEnds[count - 1] ?? 0)
  core.makeRoom(count)
  const callsAt = core.hold(slot, count, callCount)
  // Only now the memory has the size that it needs.
  const { buffer } = core.memory
  new Uint8Array(buffer, core.kinds.value, count).set(kinds.subarray(0, count))
  new Float64Array(buffer, core.numbers.value, count * NUMBER_COLUMNS).set(numbers.subarray(0, count * NUMBER_COLUMNS))
  new Uint32Array(buffer, core.fingerprints.value, count * 2).set(fingerprints.subarray(0, count * 2))
  new Uint32Array(buffer, core.workers.value, count).set(workerHashes.subarray(0, count))
  new Uint32Array(buffer, core.callEnds.value, count).set(callEnds.subarray(0, count))
  new Int32Array(buffer, callsAt, callCount * 2).set(calls.subarray(0, callCount * 2))
}

/** Whose the rows are that are new. */
function nameTrajectories({ core, index }: NamedCore, batch: RowBatch): void {
  const { count, texts, finishShapes } = batch
  const { buffer } = core.memory
  const kinds = new Uint8Array(buffer, core.kinds.value, count)
  const trajectories = new Uint32Array(buffer, core.trajectories.value, count)
  const finish = new Uint8Array(buffer, core.finishes.value, count)
  for (let row = 0; row < count; row++) {
    if (kinds[row] === 0) continue
    const trajectory = index.placeOf(batch, row)
    trajectories[row] = trajectory
    index.kinship.readRow(batch, row, trajectory)
    const hasFinish = texts[(row * TEXT_COLUMNS + requestText.finish) * 2] !== 0
    finish[row] = !hasFinish ? finishes.none : finishShapes[row] === 0 ? finishes.irregular : finishes.regular
  }
  introduceTrajectories({ core, index })
}

/** Makes those known that are new, and those that have become children. */
export function introduceTrajectories({ core, index: { all, kinship } }: NamedCore): void {
  for (let at = core.trajectoryCount(); at < all.length; at++) core.createTrajectory(all[at]?.contextFree ?? false)
  for (const child of kinship.takeNewChildren()) core.makeChild(child.index)
}
