// SPDX-License-Identifier: Apache-2.0
import type { HarnessIdentity } from '@dynamo-agent/core'
import { identityText, TEXT_COLUMNS } from '../read/columns.ts'
import { textOf, type RowBatch } from '../read/row-batch.ts'
import type { Trajectory } from './trajectory.ts'

const PARENT = 1
const SESSION_TYPE = 2

/** Whose children trajectories are, and of what class their sessions: the first row that tells decides. */
export class Kinship {
  readonly #trajectories: readonly Trajectory[]
  /**
   * By trajectory, what is known. Rows go on to tell the same, and to look at
   * each one's trajectory, of which there may be very many, costs far more.
   */
  #known = new Uint8Array(256)
  #newChildren: Trajectory[] = []

  /** @param trajectories By index; more may come. */
  constructor(trajectories: readonly Trajectory[]) {
    this.#trajectories = trajectories
  }

  /** @param index Of the row's trajectory. */
  readRow(batch: RowBatch, row: number, index: number): void {
    const told = toldBy(batch, row)
    if ((told & ~(this.#known[index] ?? 0)) === 0) return
    const trajectory = this.#trajectories[index]
    if (trajectory === undefined || trajectory.contextFree) return
    const at = { batch, row }
    if (trajectory.parentId === undefined) this.#nameParent(trajectory, textOf(at, identityText.parentTrajectoryId))
    trajectory.sessionTypeId ??= textOf(at, identityText.sessionTypeId)
    this.#remember(trajectory)
  }

  readHarness({ parentTrajectoryId, sessionTypeId }: HarnessIdentity, trajectory: Trajectory): void {
    if (trajectory.parentId === undefined) this.#nameParent(trajectory, parentTrajectoryId)
    trajectory.sessionTypeId ??= sessionTypeId
  }

  /** Trajectories of which a parent has become known since this was asked for last. */
  takeNewChildren(): readonly Trajectory[] {
    const children = this.#newChildren
    if (children.length > 0) this.#newChildren = []
    return children
  }

  #nameParent(trajectory: Trajectory, parentId: string | undefined): void {
    // Up to 1.4 Dynamo records a parent that is the trajectory itself.
    if (parentId === undefined || parentId === trajectory.id) return
    trajectory.parentId = parentId
    this.#newChildren.push(trajectory)
  }

  #remember({ index, parentId, sessionTypeId }: Trajectory): void {
    if (index >= this.#known.length) {
      const longer = new Uint8Array(Math.max(index + 1, this.#known.length * 2))
      longer.set(this.#known)
      this.#known = longer
    }
    this.#known[index] = (parentId === undefined ? 0 : PARENT) | (sessionTypeId === undefined ? 0 : SESSION_TYPE)
  }
}

/** What a row tells of its trajectory. */
function toldBy({ texts }: RowBatch, row: number): number {
  const at = row * TEXT_COLUMNS
  const parent = texts[(at + identityText.parentTrajectoryId) * 2] === 0 ? 0 : PARENT
  return parent | (texts[(at + identityText.sessionTypeId) * 2] === 0 ? 0 : SESSION_TYPE)
}
