// SPDX-License-Identifier: Apache-2.0
import { identityText, rowFlag } from '../../read/columns.ts'
import type { RowReference } from '../../read/row-batch.ts'
import type { RowField } from '../row-fields.ts'
import type { JsonBuffer } from './json-buffer.ts'
import { RowArguments } from './row-arguments.ts'

/**
 * Writes who asked, under the names of the row's own generation, as the
 * converters that ship with Dynamo have it: from 1.3 on `session_id` is the
 * trajectory.
 */
export class IdentityArguments {
  readonly #agentTrace: RowArguments
  readonly #requestTrace: RowArguments

  constructor(buffer: JsonBuffer) {
    this.#agentTrace = new RowArguments(buffer, [
      text('session_type_id', identityText.sessionTypeId),
      text('session_id', identityText.sessionId),
      text('trajectory_id', identityText.trajectoryId),
      text('parent_trajectory_id', identityText.parentTrajectoryId),
    ])
    this.#requestTrace = new RowArguments(buffer, [
      text('session_id', identityText.trajectoryId),
      text('parent_session_id', identityText.parentTrajectoryId),
    ])
  }

  write(row: RowReference): void {
    const isAgentTrace = (flagsOf(row) & rowFlag.agentTrace) !== 0
    if (isAgentTrace) this.#agentTrace.write(row)
    else this.#requestTrace.write(row)
  }
}

/** The bits of a row. */
export function flagsOf({ batch, row }: RowReference): number {
  return batch.flags[row] ?? 0
}

function text(name: string, column: number): RowField {
  return { name, type: 'text', column }
}
