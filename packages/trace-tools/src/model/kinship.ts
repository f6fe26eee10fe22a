// SPDX-License-Identifier: Apache-2.0
import { identityText, TEXT_COLUMNS } from '../read/columns.ts'
import { hasText, textOf, type RowBatch } from '../read/row-batch.ts'
import type { Trajectory } from './trajectory.ts'

/** Whether a row says who its trajectory's parent is, or of what class its session. */
export function tellsKinship({ texts }: RowBatch, row: number): boolean {
  const at = row * TEXT_COLUMNS
  return texts[(at + identityText.parentTrajectoryId) * 2] !== 0 || texts[(at + identityText.sessionTypeId) * 2] !== 0
}

/** The first row that tells decides; most rows tell nothing new, so their texts are not decoded. */
export function readKinship(batch: RowBatch, row: number, trajectory: Trajectory): void {
  if (trajectory.contextFree) return
  const at = { batch, row }
  if (trajectory.parentId === undefined && hasText(at, identityText.parentTrajectoryId)) {
    const parentId = textOf(at, identityText.parentTrajectoryId)
    // Up to 1.4 Dynamo records a parent that is the trajectory itself.
    if (parentId !== trajectory.id) trajectory.parentId = parentId
  }
  trajectory.sessionTypeId ??= textOf(at, identityText.sessionTypeId)
}
