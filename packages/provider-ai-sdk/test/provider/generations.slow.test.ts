// SPDX-License-Identifier: Apache-2.0
import { APICallError } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { sdks } from '../helpers/sdks.ts'
import { setStage, type Stage } from '../helpers/stage.ts'

const prompt = 'Hi'
const workerId = 9_876_543_210_123_456_789n
const served = {
  dynamo: {
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    worker: {
      prefillWorkerId: String(workerId),
      prefillDpRank: 0,
      decodeWorkerId: String(workerId),
      decodeDpRank: 0,
    },
    timing: { totalMs: expect.any(Number) as number, kvHitRate: expect.any(Number) as number },
  },
}
const lookUp = { toolCalls: [{ name: 'look_up', arguments: { word: 'dynamo' } }] }

const modelOf = ({ baseURL }: Stage) => createDynamo({ baseURL })('scripted')
/** Where both majors have what belongs to one call. */
async function lastStep<Step>({ steps }: { readonly steps: readonly Step[] | PromiseLike<readonly Step[]> }) {
  return (await steps).at(-1)
}
const bodies = ({ proxy }: Stage) => proxy.calls.map(({ body }) => body)
const requestIds = ({ proxy }: Stage) => proxy.calls.map(({ headers }) => headers['x-request-id'])

describe.each(sdks)('with ai $version', ({ major, load }) => {
  it('an answer comes under its session, and tells how it was served', async () => {
    const { generateText } = await load()
    await using stage = await setStage(['Hello.'], { randomU64: () => workerId })
    const result = await withAgentSession('chat-1', () => generateText({ model: modelOf(stage), prompt }))
    expect(result.text).toBe('Hello.')
    const { providerMetadata } = (await lastStep(result)) ?? {}
    expect(providerMetadata).toMatchObject(served)
    expect((await stage.rows()).requests).toMatchObject([
      {
        identity: { trajectoryId: 'chat-1' },
        request: { xRequestId: providerMetadata?.dynamo?.requestId, worker: { decodeWorkerId: workerId } },
      },
    ])
  })

  it('a stream does as well', async () => {
    const { streamText } = await load()
    await using stage = await setStage(['Hello.'], { randomU64: () => workerId })
    const result = withAgentSession('chat-1', () => streamText({ model: modelOf(stage), prompt }))
    expect(await result.text).toBe('Hello.')
    expect((await lastStep(result))?.providerMetadata).toMatchObject(served)
    expect(bodies(stage)).toMatchObject([{ stream: true, stream_options: { include_usage: true } }])
    expect((await stage.rows()).requests).toMatchObject([{ identity: { trajectoryId: 'chat-1' } }])
  })

  it('the steps of an agent are turns of one trajectory, each with metadata of its own', async () => {
    const { generateText, isStepCount, stepCountIs, tool } = await load()
    await using stage = await setStage([lookUp, 'Found.'])
    const tools = { look_up: tool({ inputSchema: z.object({ word: z.string() }), execute: ({ word }) => word.length }) }
    const stopWhen = (major === 6 ? stepCountIs : isStepCount)(3)
    const result = await withAgentSession('chat-1', () =>
      generateText({ model: modelOf(stage), prompt, tools, stopWhen }),
    )
    expect(result.text).toBe('Found.')
    expect(result.steps.map(({ providerMetadata }) => providerMetadata?.dynamo?.requestId)).toEqual(requestIds(stage))
    expect(new Set(requestIds(stage)).size).toBe(2)
    expect((await stage.rows()).requests.map(({ identity }) => identity?.trajectoryId)).toEqual(['chat-1', 'chat-1'])
  })

  it.each(['generate', 'stream'] as const)('a ToolLoopAgent that is asked to %s does as well', async (method) => {
    const { ToolLoopAgent, tool } = await load()
    await using stage = await setStage([lookUp, 'Found.'])
    const tools = { look_up: tool({ inputSchema: z.object({ word: z.string() }), execute: ({ word }) => word.length }) }
    const agent = new ToolLoopAgent({ model: modelOf(stage), tools })
    const result = await withAgentSession('chat-1', () => agent[method]({ prompt }))
    expect(await result.text).toBe('Found.')
    expect((await stage.rows()).requests.map(({ identity }) => identity?.trajectoryId)).toEqual(['chat-1', 'chat-1'])
  })

  it('a model works wherever the SDK takes one', async () => {
    const sdk = await load()
    await using stage = await setStage(['Hello.'])
    const dynamo = createDynamo({ baseURL: stage.baseURL })
    const middleware = sdk.defaultSettingsMiddleware({ settings: { temperature: 0.5 } })
    const models = [
      sdk.createProviderRegistry({ dynamo }).languageModel('dynamo:scripted'),
      sdk.customProvider({ languageModels: { fast: dynamo('scripted') } }).languageModel('fast'),
      sdk.wrapLanguageModel({ model: dynamo('scripted'), middleware }),
    ]
    for (const [index, model] of models.entries()) {
      await withAgentSession(`chat-${index}`, () => sdk.generateText({ model, prompt }))
    }
    const { requests } = await stage.rows()
    expect(requests.map(({ identity }) => identity?.trajectoryId)).toEqual(['chat-0', 'chat-1', 'chat-2'])
    expect(bodies(stage).map(({ temperature }) => temperature)).toEqual([undefined, undefined, 0.5])
  })

  it('a stream that is read elsewhere belongs to the session that began it', async () => {
    const { streamText } = await load()
    await using stage = await setStage(['Hello.'])
    const result = withAgentSession('chat-1', () => streamText({ model: modelOf(stage), prompt }))
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ai@6 has nothing else.
    const response = withAgentSession('another', () => result.toUIMessageStreamResponse())
    expect(await response.text()).toContain('"type":"text-delta"')
    expect((await stage.rows()).requests).toMatchObject([{ identity: { trajectoryId: 'chat-1' } }])
  })

  it('tokens from the cache are counted', async () => {
    const { generateText, streamText } = await load()
    await using stage = await setStage(['One.', 'Two.'])
    const model = modelOf(stage)
    const long = 'word '.repeat(2000)
    await generateText({ model, prompt: long })
    const { usage } = await generateText({ model, prompt: long })
    const streamed = await streamText({ model, prompt: long }).usage
    expect(usage.inputTokenDetails.cacheReadTokens).toBeGreaterThan(500)
    expect(streamed.inputTokenDetails.cacheReadTokens).toBe(usage.inputTokenDetails.cacheReadTokens)
    expect(streamed.inputTokens).toBe(usage.inputTokens)
  })

  it('reasoning is told apart from the answer', async () => {
    const { generateText, streamText } = await load()
    await using stage = await setStage([{ reasoning: 'Let me think.', text: 'Hello.' }])
    const model = modelOf(stage)
    const answer = { reasoningText: 'Let me think.', text: 'Hello.' }
    expect(await lastStep(await generateText({ model, prompt }))).toMatchObject(answer)
    expect(await lastStep(streamText({ model, prompt }))).toMatchObject(answer)
  })

  it('structured output asks for its schema', async () => {
    const { generateText, Output } = await load()
    await using stage = await setStage(['{"city":"Oslo"}'])
    const output = Output.object({ schema: z.object({ city: z.string() }) })
    const result = await generateText({ model: modelOf(stage), prompt, output })
    expect(result.output).toEqual({ city: 'Oslo' })
    expect(bodies(stage)).toMatchObject([
      { response_format: { type: 'json_schema', json_schema: { schema: { required: ['city'] }, strict: true } } },
    ])
  })

  it('a level of reasoning reaches the frontend', async () => {
    const { generateText } = await load()
    await using stage = await setStage(['Hello.'])
    const model = modelOf(stage)
    await generateText({ model, prompt, providerOptions: { dynamo: { reasoningEffort: 'low' } } })
    await generateText({ model, prompt, reasoning: 'high' })
    await generateText({ model, prompt, reasoning: 'high', providerOptions: { dynamo: { reasoningEffort: 'low' } } })
    await generateText({ model, prompt, reasoning: 'provider-default' })
    // ai@6 has no such option of its own and hands it to nobody.
    const own = major === 6 ? undefined : 'high'
    expect(bodies(stage).map((body) => body.reasoning_effort)).toEqual(['low', own, 'low', undefined])
  })

  it('a completion model is asked at its own endpoint, under the same session', async () => {
    const { generateText, streamText } = await load()
    await using stage = await setStage(['Hello.'], { randomU64: () => workerId })
    const model = createDynamo({ baseURL: stage.baseURL }).completion('scripted')
    const result = await withAgentSession('chat-1', () => generateText({ model, prompt }))
    const stream = withAgentSession('chat-1', () => streamText({ model, prompt }))
    const answer = { text: 'Hello.', providerMetadata: served }
    expect(await lastStep(result)).toMatchObject(answer)
    expect(await lastStep(stream)).toMatchObject(answer)
    expect(stage.proxy.calls.map(({ path }) => path)).toEqual(['/v1/completions', '/v1/completions'])
    expect((await stage.rows()).requests.map(({ identity }) => identity?.trajectoryId)).toEqual(['chat-1', 'chat-1'])
  })

  it('an embedding model embeds', async () => {
    const { embed } = await load()
    await using stage = await setStage(['Hello.'])
    const body = '{"data":[{"embedding":[0.5,0.25]}],"usage":{"prompt_tokens":1}}'
    stage.proxy.intercept(1, { status: 200, body })
    const model = createDynamo({ baseURL: stage.baseURL }).embeddingModel('embedder')
    expect(await embed({ model, value: 'word' })).toMatchObject({ embedding: [0.5, 0.25], usage: { tokens: 1 } })
    expect(stage.proxy.calls).toMatchObject([{ path: '/v1/embeddings', body: { model: 'embedder', input: ['word'] } }])
  })

  it('each retry has a request id of its own, and the session of the call', async () => {
    const { generateText } = await load()
    await using stage = await setStage(['Hello.'])
    stage.proxy.intercept(2)
    const result = await withAgentSession('chat-1', () => generateText({ model: modelOf(stage), prompt }))
    expect(stage.proxy.calls.map(({ status }) => status)).toEqual([503, 503, 200])
    expect(new Set(requestIds(stage)).size).toBe(3)
    expect((await lastStep(result))?.providerMetadata?.dynamo?.requestId).toBe(requestIds(stage).at(-1))
    expect(stage.proxy.calls.map(({ headers }) => headers['x-dynamo-session-id'])).toEqual(Array(3).fill('chat-1'))
  })

  it('a refusal says why, in words of Dynamo', async () => {
    const { generateText } = await load()
    await using stage = await setStage(['Hello.'])
    const model = createDynamo({ baseURL: stage.baseURL })('absent')
    const error = await generateText({ model, prompt }).catch((reason: unknown) => reason)
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ message: 'Model not found', statusCode: 404, isRetryable: false })
    expect(stage.proxy.calls).toHaveLength(1)
  })

  it('sessions that run at once are kept apart', async () => {
    const { streamText } = await load()
    await using stage = await setStage(['Hello.'])
    const model = modelOf(stage)
    const ids = Array.from({ length: 8 }, (_, index) => `chat-${index}`)
    await Promise.all(ids.map((id) => withAgentSession(id, () => streamText({ model, prompt: id }).text)))
    const told = stage.proxy.calls.map(({ headers, body }) => [
      headers['x-dynamo-session-id'],
      (body.messages as { content: unknown }[])[0]?.content,
    ])
    expect(told.sort()).toEqual(ids.map((id) => [id, id]))
  })
})
