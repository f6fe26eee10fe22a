// SPDX-License-Identifier: Apache-2.0
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { describe, expect, test } from 'vitest'
import { fast, postTo, scriptOf, start, startTraced } from '../support.ts'

const plain = { model: 'tiny', input: 'say hello' }

interface Item {
  type: string
  id: string
  status: string
  content?: { type: string; text: string }[]
  summary?: { type: string; text: string }[]
  call_id?: string
  name?: string
  arguments?: string
}

interface ResponseBody extends Record<string, unknown> {
  id: string
  status: string
  output: Item[]
  usage: { input_tokens: number; output_tokens: number; total_tokens: number }
}

interface StreamedEvent extends Record<string, unknown> {
  type: string
  sequence_number: number
  delta?: string
  text?: string
  item?: Item
  response?: ResponseBody
}

const respond = async (frontend: { baseUrl: string }, body: object, init?: RequestInit) =>
  (await (await postTo(`${frontend.baseUrl}/responses`, { ...plain, ...body }, init)).json()) as ResponseBody

async function streamed(frontend: { baseUrl: string }, body: object = {}): Promise<StreamedEvent[]> {
  const text = await (await postTo(`${frontend.baseUrl}/responses`, { ...plain, stream: true, ...body })).text()
  const blocks = text.split('\n\n').filter((block) => block !== '')
  expect(blocks.pop()).toBe('data: [DONE]')
  return blocks.map((block) => {
    const [name, data = ''] = block.split('\n')
    const event = JSON.parse(data.replace('data: ', '')) as StreamedEvent
    expect(name).toBe(`event: ${event.type}`)
    return event
  })
}

const startWith = (turn: Parameters<typeof scriptOf>[0], generation: '1.2' | '1.3+' = '1.3+') =>
  start({ generation, model: { script: scriptOf(turn), engine: fast } })

const turnsOf = (text: string) => [{ text, reasoning: '', toolCalls: [] }]
const thoughtful = { reasoning: 'Hm.', text: 'Let me look.', toolCalls: [{ name: 'read', arguments: { path: 'a' } }] }
const asked = { reasoning: { summary: 'auto' } }

describe('a response', () => {
  test('has the answer as a message', async () => {
    const { status, output } = await respond(await start(), {})
    expect(status).toBe('completed')
    expect(output).toMatchObject([
      { type: 'message', status: 'completed', content: [{ text: 'hello to whoever reads this text' }] },
    ])
  })

  test('repeats what was asked, and defaults for the rest', async () => {
    const tools = [{ type: 'function', name: 'f' }]
    const given = { instructions: 'be brief', top_p: 0.9, metadata: { a: 'b' }, tools }
    expect(await respond(await start(), given)).toMatchObject({
      ...given,
      top_p: Math.fround(0.9),
      tools: [{ type: 'function', name: 'f', strict: true }],
      temperature: 1,
      tool_choice: 'auto',
      truncation: 'disabled',
      store: false,
      previous_response_id: null,
    })
  })

  test.each(['1.2', '1.3+'] as const)('in %s has the tool calls before the message', async (generation) => {
    const { output } = await respond(await startWith({ ...thoughtful, reasoning: '' }, generation), {})
    expect(output).toMatchObject([
      { type: 'function_call', name: 'read', arguments: '{"path":"a"}', status: 'completed' },
      { type: 'message', content: [{ text: 'Let me look.' }] },
    ])
  })

  test('shows reasoning only to those who ask for a summary, and counts it in any case', async () => {
    const frontend = await startWith(thoughtful)
    const shown = await respond(frontend, asked)
    const hidden = await respond(frontend, {})
    expect(shown.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call', 'message'])
    expect(shown.output[0]?.content).toEqual([{ type: 'reasoning_text', text: 'Hm.' }])
    expect(hidden.output.map(({ type }) => type)).toEqual(['function_call', 'message'])
    expect(hidden.usage).toMatchObject({ output_tokens_details: { reasoning_tokens: 1 } })
    expect(shown.usage).toEqual(hidden.usage)
  })

  test('in 1.2 shows reasoning as a summary, behind the tool calls', async () => {
    const { output } = await respond(await startWith(thoughtful, '1.2'), {})
    expect(output.map(({ type }) => type)).toEqual(['function_call', 'reasoning', 'message'])
    expect(output[1]?.summary).toEqual([{ type: 'summary_text', text: 'Hm.' }])
  })

  test('without anything to say is an empty message', async () => {
    const { output } = await respond(await startWith({ text: '' }), {})
    expect(output).toMatchObject([{ type: 'message', content: [{ text: '' }] }])
  })

  test('that its limit cuts off is incomplete, as is the last of its items', async () => {
    const { status, output, ...rest } = await respond(await start(), { max_output_tokens: 2 })
    expect(status).toBe('incomplete')
    expect(rest).toMatchObject({ incomplete_details: { reason: 'max_output_tokens' }, completed_at: null })
    expect(output).toMatchObject([{ status: 'incomplete', content: [{ text: 'hello to' }] }])
    expect((await respond(await start({ generation: '1.2' }), { max_output_tokens: 2 })).status).toBe('completed')
  })

  test('is cut off by `max_tokens` too, which 1.2 does not know', async () => {
    expect(await respond(await start(), { max_tokens: 2 })).toMatchObject({ status: 'incomplete', max_output_tokens: 2 })
    const early = await respond(await start({ generation: '1.2' }), { max_tokens: 2 })
    expect(early).toMatchObject({ max_output_tokens: null, usage: { output_tokens: 6 } })
  })

  test('finds its conversation by instructions and input', async () => {
    const script = {
      ...scriptOf(),
      conversations: [
        { name: 'brief', when: { system: 'brief', user: 'hello' }, turns: turnsOf('hi') },
        { name: 'other', when: {}, turns: turnsOf('greetings') },
      ],
    }
    const frontend = await start({ model: { script, engine: fast } })
    const textOf = async (body: object) => (await respond(frontend, body)).output[0]?.content?.[0]?.text
    expect(await textOf({ instructions: 'be brief' })).toBe('hi')
    const messages = ['developer', 'user'].map((role) => ({ role, content: 'brief hello' }))
    expect(await textOf({ input: messages })).toBe('hi')
    expect(await textOf({})).toBe('greetings')
  })

  test.each(['as they came', 'with the message first'])('goes on when its items come back %s', async (order) => {
    const frontend = await start({ model: { script: scriptOf(thoughtful, 'Done.'), engine: fast } })
    const { output } = await respond(frontend, asked)
    const items = order === 'as they came' ? output : output.toReversed()
    const call = output.find(({ type }) => type === 'function_call')
    const result = { type: 'function_call_output', call_id: call?.call_id, output: 'text of a' }
    const next = await respond(frontend, { input: [{ role: 'user', content: 'say hello' }, ...items, result] })
    expect(next.output).toMatchObject([{ type: 'message', content: [{ text: 'Done.' }] }])
  })

  test('finds in the cache what an earlier one left there', async () => {
    const frontend = await start({ model: { script: scriptOf('One.', 'Two.'), engine: fast } })
    const user = { role: 'user', content: 'word '.repeat(300) }
    const first = await respond(frontend, { input: [user] })
    const second = await respond(frontend, { input: [user, ...first.output, { role: 'user', content: 'go on' }] })
    expect(first.usage).toMatchObject({ input_tokens_details: { cached_tokens: 0 } })
    expect(second.usage).toMatchObject({ input_tokens_details: { cached_tokens: 256 } })
    expect(second.output).toMatchObject([{ content: [{ text: 'Two.' }] }])
  })

  test('has a row as a chat completion has, under an id of its own', async () => {
    const { frontend, rows } = await startTraced({ model: { script: scriptOf(thoughtful), engine: fast } })
    const headers = { 'x-dynamo-session-id': 'run-1', 'x-request-id': 'attempt-1' }
    const { id, output, usage } = await respond(frontend, {}, { headers })
    const [row] = await rows()
    expect(traceLineSchema.parse(row)).toBeDefined()
    expect(row?.event.agent_context).toEqual({ session_id: 'run-1', input_trigger: 'user_message' })
    expect(row?.event.request).toMatchObject({
      x_request_id: 'attempt-1',
      input_tokens: usage.input_tokens,
      output_tokens: usage.output_tokens,
      finish_reason_metadata: {
        finish_reason: 'tool_calls',
        tool_calls: [{ id: output.find(({ type }) => type === 'function_call')?.call_id, name: 'read' }],
      },
    })
    expect(id.replace('resp_', '')).not.toBe(String(row?.event.request?.request_id).replaceAll('-', ''))
  })
})

describe('a response that is streamed', () => {
  test.each(['1.2', '1.3+'] as const)('in %s numbers its events, and its pieces make the whole', async (generation) => {
    const turn = { ...thoughtful, text: 'Let me look at this for a while.' }
    const events = await streamed(await startWith(turn, generation))
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index))
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
    expect(deltas.length).toBeGreaterThan(1)
    const done = events.find(({ type }) => type === 'response.output_text.done')
    expect(deltas.join('')).toBe(done?.text)
    const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item)
    const { response } = events.at(-1) ?? {}
    expect(new Set(response?.output)).toEqual(new Set(items))
    expect(response?.usage.total_tokens).toBeGreaterThan(0)
    expect(new Set(events.flatMap((event) => event.response?.id ?? [])).size).toBe(1)
  })

  test('ends reasoning when something else begins, and tool calls before the message', async () => {
    const events = await streamed(await startWith(thoughtful), asked)
    const steps = events
      .map(({ type, item }) => `${type.replace('response.', '')} ${item?.type ?? ''}`.trim())
      .filter((step) => step.startsWith('output_item'))
    expect(steps).toEqual([
      'output_item.added reasoning',
      'output_item.done reasoning',
      'output_item.added message',
      'output_item.added function_call',
      'output_item.done function_call',
      'output_item.done message',
    ])
    expect(events.at(-1)?.response?.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call'])
  })

  test('in 1.2 ends a tool call at once, and shows no reasoning', async () => {
    const events = await streamed(await startWith(thoughtful, '1.2'), asked)
    const calls = events.findIndex(({ type }) => type === 'response.function_call_arguments.delta')
    expect(events[calls + 1]?.type).toBe('response.function_call_arguments.done')
    expect(events.at(-1)?.response?.output.map(({ type }) => type)).toEqual(['message', 'function_call'])
  })

  test('without anything to say has no items', async () => {
    const events = await streamed(await startWith({ text: '' }))
    expect(events.map(({ type }) => type)).toEqual(['response.created', 'response.in_progress', 'response.completed'])
    expect(events.at(-1)?.response?.output).toEqual([])
  })

  test('that its limit cuts off ends incomplete', async () => {
    const events = await streamed(await start(), { max_output_tokens: 2 })
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', output: [{ type: 'message', status: 'incomplete' }] },
    })
  })
})
