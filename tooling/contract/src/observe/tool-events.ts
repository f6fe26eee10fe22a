// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises'
import { createAgentContext, stringifyExactJson, type ToolEvent } from '@dynamo-agent/core'
import type { ToolEventCase, ToolRecord } from '../differences/cases.ts'
import { encodeMsgpack } from '../msgpack.ts'
import type { Target } from '../targets/target.ts'
import { connectToolEventSocket, sequenceFrame, TOPIC } from '../tool-event-socket.ts'
import { readTrace, waitForRow, type Fields, type TraceLine } from '../trace.ts'
import { abbreviate } from './abbreviate.ts'
import { dialectOf } from './requests.ts'

const STARTED_MS = 1_780_000_000_073
const context = createAgentContext({ sessionId: 's', trajectoryId: 'a', sessionTypeId: 't' })

/** A good record of a target's generation. */
export function goodRecord(target: Target, toolCallId: string): ToolRecord {
  const event: ToolEvent = {
    type: 'tool_end',
    timeMs: STARTED_MS + 50,
    tool: {
      toolCallId,
      toolClass: 'read',
      startedAtMs: STARTED_MS,
      endedAtMs: STARTED_MS + 50,
      status: 'succeeded',
      durationMs: 50,
    },
  }
  return dialectOf(target).encodeToolEvent(context, event) as ToolRecord
}

/** Which events leave a row, for all cases at once: a row is found by the id of its tool call. */
export async function observeToolEvents(
  target: Target,
  cases: readonly ToolEventCase[],
): Promise<Map<ToolEventCase, string>> {
  using socket = connectToolEventSocket(target.toolEventsEndpoint)
  const dialect = dialectOf(target).name
  const run = `run-${performance.now()}`
  const idOf = (one: ToolEventCase) => `${run}-${cases.indexOf(one)}`
  for (const one of cases) {
    const record = goodRecord(target, idOf(one))
    const payload = encodeMsgpack(one.change?.(record, dialect) ?? record)
    await socket.sendFrames(one.frames?.(payload) ?? [TOPIC, sequenceFrame, payload])
  }
  const marker = `${run}-marker`
  await socket.sendRecord(goodRecord(target, marker))
  await waitForRow(target, isToolCall(marker))
  await sleep(50)
  const lines = readTrace(target)
  return new Map(cases.map((one) => [one, describeRow(lines.find(isToolCall(idOf(one))), one, idOf(one))]))
}

function isToolCall(id: string): (line: TraceLine) => boolean {
  return ({ event }) => event.tool?.tool_call_id === id
}

function describeRow(line: TraceLine | undefined, { look }: ToolEventCase, id: string): string {
  if (line === undefined) return 'dropped'
  if (look === undefined) return 'kept'
  const seen = look.split('.').reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], line.event)
  return `kept: ${abbreviate((seen === undefined ? 'absent' : stringifyExactJson(seen)).replace(id, 'call'))}`
}
