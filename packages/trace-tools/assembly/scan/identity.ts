// SPDX-License-Identifier: Apache-2.0
import { SESSION_ID, TRAJECTORY_ID } from '../row-layout'
import { hasText, moveText } from './columns'

// Groups of the fields of a context, as src/read/scan/fields.ts has them.
const TRAJECTORY_GENERATION: i32 = 1
const PROGRAM_GENERATION: i32 = 2
const PARENT_SESSION: i32 = 4
const SESSION: i32 = 8
const SESSION_FINAL: i32 = 16
const TRAJECTORY_FINAL: i32 = 32

/**
 * Puts the ids of a row where their generation means them: the `session_id` of
 * Dynamo 1.3 and later is a trajectory.
 *
 * @param groups Bits of the fields that the context has.
 * @returns False where the row mixes generations or lacks an id: core's parser
 * knows what it means.
 */
export function settleIdentity(groups: i32): bool {
  if ((groups & SESSION_FINAL) !== 0 && (groups & TRAJECTORY_FINAL) !== 0) return false
  if ((groups & TRAJECTORY_GENERATION) !== 0) {
    return (groups & (PROGRAM_GENERATION | PARENT_SESSION)) === 0 && hasText(TRAJECTORY_ID)
  }
  if ((groups & PROGRAM_GENERATION) !== 0) {
    return (groups & (SESSION | PARENT_SESSION)) === 0 && hasText(TRAJECTORY_ID)
  }
  if (!hasText(SESSION_ID)) return false
  moveText(SESSION_ID, TRAJECTORY_ID)
  return true
}
