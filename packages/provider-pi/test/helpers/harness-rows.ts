// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type HarnessEventType, type HarnessRecord } from '@dynamo-agent/core'
import { harnessRowSchema } from '@dynamo-agent/core/schemas'
import { readFile } from 'node:fs/promises'

/** The rows of a harness log, each of which must be valid. */
export async function readHarnessRows(path: string): Promise<readonly HarnessRecord[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    harnessRowSchema.parse(JSON.parse(line))
    const parsed = parseTraceLine(line)
    if (parsed.kind !== 'harness') throw new Error(`no row of a harness log: ${line}`)
    return parsed.record
  })
}

type RowOf<Type extends HarnessEventType> = Extract<HarnessRecord, { readonly type: Type }>

export function rowsOf<Type extends HarnessEventType>(
  rows: readonly HarnessRecord[],
  type: Type,
): readonly RowOf<Type>[] {
  return rows.filter((row): row is RowOf<Type> => row.type === type)
}
