// SPDX-License-Identifier: Apache-2.0
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { describe, expect, test } from 'vitest'
import { chunksOf, eventsOf, fast, postTo, scriptOf, start, startTraced } from '../support.ts'

const plain = { model: 'tiny', prompt: 'say hello' }
const identified = { headers: { 'x-dynamo-session-id': 'run-1' } }

interface Completion {
  id: string
  choices: { text: string; index: number; finish_reason?: string }[]
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null
}

const complete = async (frontend: { baseUrl: string }, body: object, init?: RequestInit) =>
  (await (await postTo(`${frontend.baseUrl}/completions`, { ...plain, ...body }, init)).json()) as Completion

describe('a completion of text', () => {
  test('goes on from a prompt as the script says', async () => {
    const { choices } = await complete(await start(), {})
    expect(choices).toEqual([{ text: 'hello to whoever reads this text', index: 0, finish_reason: 'stop' }])
  })

  test('finds its conversation by the prompt', async () => {
    const script = {
      ...scriptOf(),
      conversations: ['a', 'b'].map((name) => ({
        name,
        when: { user: name },
        turns: [{ text: `of ${name}`, reasoning: '', toolCalls: [] }],
      })),
    }
    const frontend = await start({ model: { script, engine: fast } })
    expect((await complete(frontend, { prompt: 'b' })).choices[0]?.text).toBe('of b')
  })

  test('is cut off by max_tokens', async () => {
    const { choices, usage } = await complete(await start(), { max_tokens: 2 })
    expect(choices).toEqual([{ text: 'hello to', index: 0, finish_reason: 'length' }])
    expect(usage?.completion_tokens).toBe(2)
  })

  test('has reasoning and tool calls in its text, because nobody takes them apart', async () => {
    const turn = { reasoning: 'Hm.', text: 'Let me look.', toolCalls: [{ name: 'read', arguments: { path: 'a' } }] }
    const { choices } = await complete(await start({ model: { script: scriptOf(turn), engine: fast } }), {})
    expect(choices).toEqual([
      { text: '<|think|>Hm.<|/think|>Let me look.<|call|>read {"path":"a"}', index: 0, finish_reason: 'stop' },
    ])
  })

  test('counts a token for each id of a prompt of tokens, and finds them in the cache again', async () => {
    const { frontend, rows } = await startTraced()
    const prompt = Array.from({ length: 200 }, (_, index) => index * 1000)
    expect((await complete(frontend, { prompt }, identified)).usage?.prompt_tokens).toBe(200)
    await complete(frontend, { prompt: [...prompt, 7] }, identified)
    const [first, second] = (await rows()).map(({ event }) => event.request)
    expect(first).toMatchObject({ input_tokens: 200, cached_tokens: 0 })
    expect(second).toMatchObject({ input_tokens: 201, cached_tokens: 192 })
  })

  test('of several prompts is one request for each of them', async () => {
    const { frontend, rows } = await startTraced()
    const { id, choices, usage } = await complete(frontend, { prompt: ['a', 'b c d'], n: 2, max_tokens: 3 })
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 12, total_tokens: 16 })
    expect(await rows()).toHaveLength(0)

    const answer = await complete(frontend, { prompt: ['a', 'b c d'] }, identified)
    expect(answer.id).not.toBe(id)
    const lines = await rows()
    for (const line of lines) expect(traceLineSchema.parse(line)).toBeDefined()
    const ids = lines.map(({ event }) => `cmpl-${String(event.request?.request_id)}`)
    expect(ids.sort()).toEqual([`${answer.id}-0`, `${answer.id}-1`])
  })

  test('of several prompts in 1.2 names and counts the last one alone', async () => {
    const frontend = await start({ generation: '1.2' })
    const { id, usage } = await complete(frontend, { prompt: ['a', 'b c d'], max_tokens: 3 })
    expect(id).toMatch(/-1$/)
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 })
  })

  test('is streamed piece by piece, and says at the end why it ended and what it took', async () => {
    const body = { ...plain, stream: true, stream_options: { include_usage: true } }
    const text = await (await postTo(`${(await start()).baseUrl}/completions`, body)).text()
    expect(eventsOf(text).at(-1)).toBe('[DONE]')
    const chunks = chunksOf(text) as Completion[]
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('hello to whoever reads this text')
    expect(chunks.at(-2)?.choices).toEqual([{ text: '', index: 0, finish_reason: 'stop' }])
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 6 } })
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  test('of several prompts is streamed under an id for each, with the usage of all', async () => {
    const body = { ...plain, prompt: ['a', 'b'], stream: true, stream_options: { include_usage: true } }
    const chunks = chunksOf(await (await postTo(`${(await start()).baseUrl}/completions`, body)).text()) as Completion[]
    for (const index of [0, 1]) {
      const own = chunks.filter(({ choices }) => choices[0]?.index === index)
      expect(own.map(({ choices }) => choices[0]?.text).join('')).toBe('hello to whoever reads this text')
      expect(new Set(own.map(({ id }) => id.slice(-2)))).toEqual(new Set([`-${index}`]))
    }
    expect(chunks.filter(({ usage }) => usage !== null)).toMatchObject([{ usage: { completion_tokens: 12 } }])
  })

  test('leaves no row in 1.2, whoever is named', async () => {
    const context = { session_type_id: 't', session_id: 's', trajectory_id: 'a' }
    const { frontend, rows } = await startTraced({ generation: '1.2' })
    await complete(frontend, { nvext: { agent_context: context } })
    expect(await rows()).toEqual([])
  })

  test('that the client leaves leaves a row without a reason', async () => {
    const script = scriptOf({ text: 'word '.repeat(2000) })
    const { frontend, rows } = await startTraced({ model: { script, engine: { speedup: 10 } } })
    const response = await postTo(`${frontend.baseUrl}/completions`, { ...plain, stream: true }, identified)
    await response.body?.cancel()
    const [row] = await rows()
    expect(row?.event.request).toMatchObject({ model: 'tiny' })
    expect(row?.event.request).not.toHaveProperty('finish_reason_metadata')
  })
})
