// SPDX-License-Identifier: Apache-2.0
import { identityText, TEXT_COLUMNS } from '../read/columns.ts'
import { textOf, type RowBatch } from '../read/row-batch.ts'
import type { Trajectory } from './trajectory.ts'

/** The first row that tells decides; most rows tell nothing new, so their texts are not decoded. */
export function readKinship(batch: RowBatch, row: number, trajectory: Trajectory): void {
  const at = row * TEXT_COLUMNS
  if (trajectory.parentId === undefined && batch.texts[(at + identityText.parentTrajectoryId) * 2] !== 0) {
    const parentId = textOf({ batch, row }, identityText.parentTrajectoryId)
    // Up to 1.4 Dynamo records a parent that is the trajectory itself.
    if (parentId !== trajectory.id) trajectory.parentId = parentId
  }
  if (trajectory.sessionTypeId === undefined && batch.texts[(at + identityText.sessionTypeId) * 2] !== 0) {
    trajectory.sessionTypeId = textOf({ batch, row }, identityText.sessionTypeId)
  }
}
