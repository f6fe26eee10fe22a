// SPDX-License-Identifier: Apache-2.0
import { FinishCursor } from '../finish-cursor.ts'

const ID_KEY = '"id":"'

const cursor = new FinishCursor()

/** Whether the ids in a `finish_reason_metadata` are those of its tool calls, which are as Dynamo writes them. */
export function isRegularFinish(bytes: Buffer): boolean {
  const ids = listIds(bytes)
  if (ids === undefined) return false
  const json = bytes.toString()
  const { tool_calls: calls = [] } = JSON.parse(json) as { readonly tool_calls?: unknown }
  return (
    Array.isArray(calls) &&
    calls.length === ids.length &&
    calls.every((call: { readonly id?: unknown } | null, index) => call?.id === ids[index]) &&
    json.split(ID_KEY).length === ids.length + 1
  )
}

/** The ids of calls that are as Dynamo writes them; undefined where some are not. */
function listIds(bytes: Buffer): readonly string[] | undefined {
  const ids: string[] = []
  if (!cursor.enter(bytes, 0, bytes.length)) return ids
  for (;;) {
    const isLast = cursor.next()
    if (isLast === undefined) return undefined
    ids.push(bytes.toString('utf8', cursor.idStart, cursor.idEnd))
    if (isLast) return ids
  }
}
