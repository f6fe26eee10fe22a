// SPDX-License-Identifier: Apache-2.0
import { identityText } from '../columns.ts'
import { contextFields } from './fields.ts'
import type { RowColumns } from './row-columns.ts'

/** Fields that only one generation has. */
const trajectoryBits = contextFields.bitsOf(
  'trajectory_id',
  'parent_trajectory_id',
  'session_type_id',
  'trajectory_final',
)
const programBits = contextFields.bitsOf('program_id', 'parent_program_id', 'workflow_id', 'workflow_type_id')
const parentSessionBit = contextFields.bitsOf('parent_session_id')

const sessionBit = contextFields.bitsOf('session_id')
const finalBits = contextFields.bitsOf('session_final', 'trajectory_final')

/**
 * Puts the ids of a row where their generation means them: the `session_id` of
 * Dynamo 1.3 and later is a trajectory.
 *
 * @param seen Bits of the fields that the context has.
 * @returns False where it mixes generations or lacks an id: core's parser
 * knows what it means.
 */
export function settleIdentity(columns: RowColumns, seen: number): boolean {
  if ((seen & finalBits) === finalBits) return false
  if ((seen & trajectoryBits) !== 0) {
    return (seen & (programBits | parentSessionBit)) === 0 && columns.hasText(identityText.trajectoryId)
  }
  if ((seen & programBits) !== 0) {
    return (seen & (sessionBit | parentSessionBit)) === 0 && columns.hasText(identityText.trajectoryId)
  }
  if (!columns.hasText(identityText.sessionId)) return false
  columns.moveText(identityText.sessionId, identityText.trajectoryId)
  return true
}
