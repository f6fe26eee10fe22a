// SPDX-License-Identifier: Apache-2.0
import { APICallError } from '@ai-sdk/provider'
import { embed, generateText, streamText } from 'ai'
import { describe, expect, it } from 'vitest'
import { createDynamo } from '../../src/index.ts'
import type { CannedAnswer } from '../helpers/recording-proxy.ts'
import { setStage, type Stage } from '../helpers/stage.ts'

const unknownModel = '{"message":"Model not found","type":"Not Found","code":404}'
const prompt = 'Hi'
const once = { prompt, maxRetries: 0 }

async function refused(stage: Stage, answer: CannedAnswer): Promise<unknown> {
  stage.proxy.intercept(1, answer)
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  return generateText({ model, ...once }).then(
    () => 'answered',
    (error: unknown) => error,
  )
}

describe('an answer that refuses', () => {
  it.each<[string, CannedAnswer, object]>([
    [
      'an unknown model',
      { status: 404, body: unknownModel },
      { message: 'Model not found', statusCode: 404, isRetryable: false },
    ],
    [
      'an unknown key',
      {
        status: 400,
        body: '{"message":"Validation: Unsupported parameter(s): `zzz`","type":"Bad Request","code":400}',
      },
      { message: 'Validation: Unsupported parameter(s): `zzz`', isRetryable: false },
    ],
    [
      'a server without workers',
      { status: 503, body: '{"message":"Service Unavailable","type":"Service Unavailable","code":503}' },
      { message: 'Service Unavailable', statusCode: 503, isRetryable: true },
    ],
    [
      'too many requests',
      { status: 429, body: '{"message":"Too Many Requests","type":"Too Many Requests","code":429}' },
      { message: 'Too Many Requests', statusCode: 429, isRetryable: true },
    ],
    [
      'a fault inside',
      {
        status: 500,
        body: '{"message":"Internal server error","type":"x","code":500,"details":{"backend_status":500}}',
      },
      {
        message: 'Internal server error',
        isRetryable: true,
        responseBody: expect.stringContaining('"backend_status":500') as string,
      },
    ],
    [
      "OpenAI's form",
      { status: 400, body: '{"error":{"message":"too long","type":"invalid_request_error","code":null}}' },
      { message: 'too long', isRetryable: false },
    ],
    [
      'a gateway with a word',
      { status: 502, body: '{"error":"no upstream"}' },
      { message: 'Bad Gateway', isRetryable: true, responseBody: '{"error":"no upstream"}' },
    ],
    [
      'a gateway with a page',
      { status: 502, body: '<html>Bad Gateway</html>', contentType: 'text/html' },
      { message: 'Bad Gateway', isRetryable: true, responseBody: '<html>Bad Gateway</html>' },
    ],
    ['nothing at all', { status: 400, body: '' }, { message: 'Bad Request', isRetryable: false }],
  ])('as with %s is an APICallError that says why', async (_what, answer, expected) => {
    await using stage = await setStage(['Hello.'])
    const error = await refused(stage, answer)
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject(expected)
  })

  it('to an embedding does as well', async () => {
    await using stage = await setStage(['Hello.'])
    stage.proxy.intercept(1, { status: 404, body: unknownModel })
    const model = createDynamo({ baseURL: stage.baseURL }).embeddingModel('absent')
    await expect(embed({ model, value: 'word', maxRetries: 0 })).rejects.toMatchObject({ message: 'Model not found' })
  })

  it('a frontend that is not there is an APICallError too, and worth another try', async () => {
    const model = createDynamo({ baseURL: 'http://127.0.0.1:9' })('scripted')
    const error: unknown = await generateText({ model, ...once }).catch((reason: unknown) => reason)
    const message = expect.stringContaining('Cannot connect to API') as string
    expect(error).toMatchObject({ message, isRetryable: true })
  })
})

describe('a stream that fails in the middle', () => {
  const chunk = 'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n'

  it('gives what came before, and an APICallError', async () => {
    await using stage = await setStage(['Hello.'])
    const failure = '{"error":{"message":"Internal server error","type":"internal_server_error","code":500}}'
    const body = `${chunk}data: ${failure}\n\ndata: [DONE]\n\n`
    stage.proxy.intercept(1, { status: 200, body, contentType: 'text/event-stream' })
    const errors: unknown[] = []
    const result = streamText({
      model: createDynamo({ baseURL: stage.baseURL })('scripted'),
      ...once,
      onError: ({ error }) => void errors.push(error),
    })
    let text = ''
    for await (const delta of result.textStream) text += delta
    expect(text).toBe('Hel')
    expect(errors).toHaveLength(1)
    expect(APICallError.isInstance(errors[0])).toBe(true)
    expect(errors[0]).toMatchObject({ message: 'Internal server error', statusCode: 500, isRetryable: true })
  })

  it('by ending too soon, says so', async () => {
    await using stage = await setStage(['Hello.'])
    stage.proxy.intercept(1, { status: 200, body: chunk, contentType: 'text/event-stream' })
    const errors: unknown[] = []
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    await streamText({ model, ...once, onError: ({ error }) => void errors.push(error) }).consumeStream()
    expect(errors).toMatchObject([{ message: 'Response stream ended without a finish reason.' }])
  })
})
