// SPDX-License-Identifier: Apache-2.0
import { boolean, compact, isFields, text } from './loose-fields.ts'
import type { RecordIdentity } from './record.ts'

/**
 * Three generations of names: workflow and program ids (before 1.2), session
 * and trajectory ids (1.2), session ids alone that mean trajectories (1.3 and
 * later). See docs/protocol.md.
 */
export function readIdentity(value: unknown): RecordIdentity | undefined {
  if (!isFields(value)) return undefined
  const trajectoryId = text(value.trajectory_id)
  const programId = text(value.program_id)
  const sessionId = text(value.session_id)
  const shared = { sessionFinal: boolean(value.session_final), inputTrigger: text(value.input_trigger) }
  if (trajectoryId !== undefined) {
    return compact({
      sessionId,
      trajectoryId,
      parentTrajectoryId: text(value.parent_trajectory_id),
      sessionTypeId: text(value.session_type_id),
      ...shared,
      sessionFinal: shared.sessionFinal ?? boolean(value.trajectory_final),
    })
  }
  if (programId !== undefined) {
    return compact({
      sessionId: text(value.workflow_id),
      trajectoryId: programId,
      parentTrajectoryId: text(value.parent_program_id),
      sessionTypeId: text(value.workflow_type_id),
      ...shared,
    })
  }
  if (sessionId === undefined) return undefined
  return compact({ trajectoryId: sessionId, parentTrajectoryId: text(value.parent_session_id), ...shared })
}
