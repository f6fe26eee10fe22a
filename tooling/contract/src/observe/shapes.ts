// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { parseExactJson } from '@dynamo-agent/core'
import type { ShapeCase } from '../differences/cases.ts'
import { exchange, exchangeCutAtFirstBytes, type HttpResponse } from '../http.ts'
import type { Target } from '../targets/target.ts'
import { connectToolEventSocket } from '../tool-event-socket.ts'
import { waitForRow, type Fields, type TraceLine } from '../trace.ts'
import { chatRequest } from './chat.ts'
import { isOf, LONG_TOKENS } from './rows.ts'
import { shapeOf } from './shape.ts'
import { goodRecord } from './tool-events.ts'

/** Without them no frontend looks for tool calls in an answer. */
const tools = ['grep', 'read_file'].map((name) => ({
  type: 'function',
  function: { name, description: 'd', parameters: { type: 'object', properties: { path: { type: 'string' } } } },
}))

/** The shape of one part of what a target answers or writes; `none` where it has no such part. */
export async function observeShape(target: Target, one: ShapeCase): Promise<string> {
  const reply = one.reply === undefined ? {} : target.bodyFor(one.reply)
  if (reply === undefined) return 'none'
  const body = { ...(one.reply === undefined ? { max_tokens: 6 } : { max_tokens: 400, tools }), ...one.body, ...reply }
  const caller = randomUUID()
  const answer = (streamed: boolean) =>
    exchange(chatRequest(target, { caller, body: streamed ? streamedBody(body) : body }))
  const row = async (): Promise<TraceLine['event']> => (await waitForRow(target, isOf(caller))).event

  switch (one.part) {
    case 'answer':
      return shapeOf(parseExactJson((await answer(false)).text))
    case 'headers':
      return describeHeaders(await answer(false), caller)
    case 'headers-anonymous':
      return describeHeaders(await exchange(chatRequest(target)), caller)
    case 'headers-error':
      return describeHeaders(await exchange(chatRequest(target, { caller, body: { zzz: 1 } })), caller)
    case 'stream-headers':
      return describeHeaders(await answer(true), caller)
    case 'first':
    case 'middle':
    case 'finish':
    case 'usage':
    case 'tool-deltas':
    case 'finish-reason':
    case 'events':
      return describeEvents(readEvents((await answer(true)).text), one.part)
    case 'row':
      await answer(false)
      return shapeOf(await row())
    case 'row-stream':
      await answer(true)
      return shapeOf(await row())
    case 'row-finish':
      await answer(false)
      return describeFinish((await row()).request?.finish_reason_metadata)
    case 'row-cut':
      await exchangeCutAtFirstBytes(chatRequest(target, { caller, body: streamedBody(target.longAnswer(LONG_TOKENS)) }))
      return shapeOf(await row())
    case 'row-anonymous':
      return anonymousRow(target)
    case 'row-tool-start':
    case 'row-tool-end':
      return toolRow(target, caller, one.part === 'row-tool-start' ? 'tool_start' : 'tool_end')
  }
}

function streamedBody(body: Fields): Fields {
  return { stream: true, stream_options: { include_usage: true }, ...body }
}

/** Those that say something about the answer; the rest is HTTP's own business. */
function describeHeaders({ headers }: HttpResponse, caller: string): string {
  const own = Object.entries(headers).filter(
    ([name]) => !/^(?:date|connection|keep-alive|content-length|transfer-encoding)$/.test(name),
  )
  return own
    .map(([name, value]) => `${name}: ${String(value)}`.replace(caller, 'as sent'))
    .sort()
    .join('; ')
}

/** The data of each event. */
function readEvents(text: string): unknown[] {
  const blocks = text.split('\n\n').filter((block) => block !== '')
  return blocks.map((block) => {
    const data = block.replace(/^data: /, '')
    return data === '[DONE]' ? data : parseExactJson(data)
  })
}

interface Chunk {
  readonly choices: readonly { readonly delta: Fields; readonly finish_reason: string | null }[]
}

function describeEvents(events: readonly unknown[], part: ShapeCase['part']): string {
  const chunks = events.filter((event) => typeof event === 'object') as Chunk[]
  const content = chunks.filter(({ choices: [choice] }) => choice?.finish_reason === null)
  const finish = chunks.filter(({ choices: [choice] }) => typeof choice?.finish_reason === 'string')
  const usage = chunks.filter(({ choices }) => choices.length === 0)
  switch (part) {
    case 'first':
      return shapeOrNone(content[0])
    case 'middle':
      return shapeOrNone(content[1])
    case 'finish':
      return shapeOrNone(finish[0])
    case 'usage':
      return shapeOrNone(usage[0])
    case 'tool-deltas':
      return shapeOf(
        content
          .filter(({ choices: [choice] }) => choice?.delta.tool_calls !== undefined)
          .map(({ choices: [choice] }) => choice?.delta),
      )
    case 'finish-reason':
      return finish.map(({ choices: [choice] }) => choice?.finish_reason).join(', ')
    default: {
      const last = events.at(-1)
      return `deltas, ${finish.length} finish, ${usage.length} usage, ${typeof last === 'string' ? last : 'no end'}`
    }
  }
}

function shapeOrNone(value: unknown): string {
  return value === undefined ? 'none' : shapeOf(value)
}

function describeFinish(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value).replace(/call-[0-9a-f-]{36}/g, 'call-UUID')
}

async function anonymousRow(target: Target): Promise<string> {
  const { text } = await exchange(chatRequest(target))
  const id = (JSON.parse(text) as { id: string }).id.replace(/^[a-z]+-/, '')
  const line = await waitForRow(target, ({ event }) => event.request?.request_id === id, 1000).catch(() => undefined)
  return line === undefined ? 'none' : shapeOf(line.event)
}

async function toolRow(target: Target, id: string, type: 'tool_start' | 'tool_end'): Promise<string> {
  using socket = connectToolEventSocket(target.toolEventsEndpoint)
  await socket.sendRecord({ ...goodRecord(target, id), event_type: type })
  const { event } = await waitForRow(
    target,
    (line) => line.event.tool?.tool_call_id === id && line.event.event_type === type,
  )
  return shapeOf(event)
}
