// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requestText } from '../../src/read/columns.ts'
import { findInputs, type Input } from '../../src/read/inputs.ts'
import { readRows, type ReadRowsOptions } from '../../src/read/read-rows.ts'
import { textOf } from '../../src/read/row-batch.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A request, and who it is of as the row says. */
export interface Row {
  readonly at: number
  readonly of?: Readonly<Record<string, string>>
}

/** Identity as Dynamo 1.3 and later record it. */
export const later = (id: string, parent?: string) => ({ session_id: id, ...(parent !== undefined && { parent_session_id: parent }) })
/** Identity as Dynamo 1.2 records it. */
export const v12 = (session: string, trajectory: string, parent?: string) => ({
  session_type_id: 'test',
  session_id: session,
  trajectory_id: trajectory,
  ...(parent !== undefined && { parent_trajectory_id: parent }),
})

/** A trace of requests, the ids of which are their times. */
export async function trace(rows: readonly Row[]): Promise<Input[]> {
  const path = join(temporaryFolder(), 'trace.jsonl')
  const lines = rows.map(({ at, of }) =>
    JSON.stringify({
      schema: of && 'trajectory_id' in of ? 'dynamo.agent.trace.v1' : 'dynamo.request.trace.v1',
      event_type: 'request_end',
      event_time_unix_ms: at,
      ...(of && { agent_context: of }),
      request: { request_id: String(at) },
    }),
  )
  writeFileSync(path, lines.join('\n'))
  return findInputs([path], process.stdin)
}

/** The ids of the requests that are kept. */
export async function readIds(inputs: readonly Input[], options: ReadRowsOptions): Promise<string> {
  const ids: string[] = []
  for await (const batch of readRows(inputs, options)) {
    for (let row = 0; row < batch.count; row++) {
      if (batch.kinds[row] !== 0) ids.push(textOf({ batch, row }, requestText.requestId) ?? '')
    }
  }
  return ids.join(' ')
}
