// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { parseExactJson } from '@dynamo-agent/core'
import type { ModelPath, ShapeCase } from '../differences/cases.ts'
import { exchange, exchangeCut, type HttpResponse } from '../http.ts'
import { limitOf, type Target } from '../targets/target.ts'
import { connectToolEventSocket } from '../tool-event-socket.ts'
import { waitForRow, type Fields } from '../trace.ts'
import { describeChunks, describeNamedEvents, readEvents } from './events.ts'
import { settledTrace } from './identity.ts'
import { requestTo } from './requests.ts'
import { isOf, LONG_TOKENS } from './rows.ts'
import { shapeOf, shapeOrNone } from './shape.ts'
import { goodRecord } from './tool-events.ts'

/** Without them no frontend looks for tool calls in an answer. */
const functions = ['grep', 'read_file'].map((name) => ({
  name,
  description: 'd',
  parameters: { type: 'object', properties: { path: { type: 'string' } } },
}))

const toolsOf: Readonly<Record<ModelPath, Fields>> = {
  '/v1/chat/completions': { tools: functions.map((target) => ({ type: 'function', function: target })) },
  '/v1/completions': {},
  '/v1/responses': { tools: functions.map((target) => ({ type: 'function', ...target })) },
}

/** The shape of one part of what a target answers or writes; `none` where it has no such part. */
export async function observeShape(target: Target, one: ShapeCase): Promise<string> {
  const { part, path = '/v1/chat/completions' } = one
  const reply = one.reply === undefined ? {} : target.bodyFor(one.reply, path)
  if (reply === undefined) return 'none'
  const limits = one.reply === undefined ? limitOf(6, path) : { ...limitOf(400, path), ...toolsOf[path] }
  const body = { ...limits, ...one.body, ...reply }
  const caller = randomUUID()
  const answer = () => exchange(requestTo(target, { path, caller, body }))
  const streamed = () => exchange(requestTo(target, { path, caller, body: streamedBody(body, path) }))
  const row = async () => (await settledTrace(target)).find(isOf(caller))?.event

  switch (part) {
    case 'answer':
      return shapeOf(parseExactJson((await answer()).text))
    case 'headers':
      return describeHeaders(await answer(), caller)
    case 'headers-anonymous':
      return describeHeaders(await exchange(requestTo(target, { path })), caller)
    case 'headers-error':
      return describeHeaders(await exchange(requestTo(target, { path, caller, body: { model: 3 } })), caller)
    case 'stream-headers':
      return describeHeaders(await streamed(), caller)
    case 'first':
    case 'middle':
    case 'finish':
    case 'usage':
    case 'tool-deltas':
    case 'finish-reason':
    case 'events':
      return describeChunks(readEvents((await streamed()).text), part)
    case 'row':
      await answer()
      return shapeOrNone(await row())
    case 'row-stream':
      await streamed()
      return shapeOrNone(await row())
    case 'row-finish':
      await answer()
      return describeFinish((await row())?.request?.finish_reason_metadata)
    case 'row-cut': {
      const long = target.longAnswer(LONG_TOKENS, path)
      await exchangeCut(requestTo(target, { path, caller, body: streamedBody(long, path) }))
      return shapeOf((await waitForRow(target, isOf(caller))).event)
    }
    case 'row-anonymous':
      return anonymousRow(target)
    case 'row-tool-start':
    case 'row-tool-end':
      return toolRow(target, caller, part === 'row-tool-start' ? 'tool_start' : 'tool_end')
    case 'statuses':
      return describeStatuses((await answer()).text)
    default:
      return describeNamedEvents(readEvents((await streamed()).text), part)
  }
}

function streamedBody(body: Fields, path: ModelPath): Fields {
  return { stream: true, ...(path !== '/v1/responses' && { stream_options: { include_usage: true } }), ...body }
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

function describeStatuses(text: string): string {
  const { status, output } = JSON.parse(text) as { status: string; output: { type: string; status: string }[] }
  return `${status}: ${output.map((item) => `${item.type} ${item.status}`).join(', ')}`
}

function describeFinish(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value).replace(/call-[0-9a-f-]{36}/g, 'call-UUID')
}

async function anonymousRow(target: Target): Promise<string> {
  const { text } = await exchange(requestTo(target))
  const id = (JSON.parse(text) as { id: string }).id.replace(/^[a-z]+-/, '')
  const lines = await settledTrace(target)
  return shapeOrNone(lines.find(({ event }) => event.request?.request_id === id)?.event)
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
