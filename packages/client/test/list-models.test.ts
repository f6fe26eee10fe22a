// SPDX-License-Identifier: Apache-2.0
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createDynamoFetch, listModels } from '../src/index.ts'
import { freePort, readHttpBody, releases, serve, serveBodies } from './support.ts'

const oneModel = (fields: object) => JSON.stringify({ object: 'list', data: [{ id: 'm', ...fields }] })

describe('the list', () => {
  test.each(releases)('of %s, where a context window of 0 means unknown', async (release) => {
    const body = readHttpBody(release, 'models.json')
    await using server = await serveBodies({ '/v1/models': body })
    const created = Number(/"created":(\d+)/.exec(body)?.[1])
    expect(await listModels({ baseUrl: server.url })).toStrictEqual([{ id: 'tiny', ownedBy: 'nvidia', created }])
  })

  test.each([
    ['a context window', oneModel({ context_window: 4096 }), [{ id: 'm', contextWindow: 4096 }]],
    ["vLLM's name for it", oneModel({ max_model_len: 8192 }), [{ id: 'm', contextWindow: 8192 }]],
    ['a window that is no size', oneModel({ context_window: '4096', created: null, owned_by: 7 }), [{ id: 'm' }]],
    ['several models, in order', '{"data":[{"id":"b"},{"id":"a"}]}', [{ id: 'b' }, { id: 'a' }]],
    ['entries without id', '{"data":[{"id":""},null,7,{"name":"x"},{"id":"a"}]}', [{ id: 'a' }]],
    ['no model yet', '{"object":"list","data":[]}', []],
  ])('with %s', async (_, body, models) => {
    await using server = await serveBodies({ '/v1/models': body })
    expect(await listModels({ baseUrl: server.url })).toStrictEqual(models)
  })

  test.each(['', '/', '/v1', '/v1/'])('from a base URL that ends in %j', async (end) => {
    await using server = await serveBodies({ '/v1/models': oneModel({}) })
    expect(await listModels({ baseUrl: server.url + end })).toHaveLength(1)
  })

  test('from a base URL without scheme, or with a path of its own', async () => {
    await using server = await serveBodies({ '/v1/models': oneModel({}), '/gateway/v1/models': '{"data":[]}' })
    expect(await listModels({ baseUrl: new URL(server.url).host })).toHaveLength(1)
    expect(await listModels({ baseUrl: `${server.url}/gateway/v1` })).toHaveLength(0)
  })

  test('comes with the key as bearer token, and by the fetch that was given', async () => {
    const tokens: (string | undefined)[] = []
    await using server = await serve((request, response) => {
      tokens.push(request.headers.authorization)
      response.end('{"data":[]}')
    })
    await using dynamoFetch = createDynamoFetch()
    await listModels({ baseUrl: server.url })
    await listModels({ baseUrl: server.url, apiKey: 'secret', fetch: dynamoFetch })
    expect(tokens).toEqual([undefined, 'Bearer secret'])
  })
})

describe('a frontend that refuses', () => {
  const flat = (message: string) => JSON.stringify({ message, type: 'Error', code: 500 })

  test.each([
    [
      401,
      '{"error":{"message":"Incorrect API key","type":"invalid_request_error"}}',
      'Incorrect API key',
      'DYNAMO_API_KEY',
    ],
    [403, '', undefined, 'DYNAMO_API_KEY'],
    [404, readHttpBody('1.6.1', 'unknown-model.404.json'), 'Model not found', 'DYNAMO_BASE_URL'],
    [404, '', undefined, 'DYNAMO_BASE_URL'],
    [500, flat('Internal server error'), 'Internal server error', 'log'],
    [502, '<html>\n<h1>Bad\tGateway</h1>', 'a web page', 'log'],
    [404, ' <!DOCTYPE html><p>Sign in</p>', 'a web page', 'DYNAMO_BASE_URL'],
    [404, '<3', '<3', 'DYNAMO_BASE_URL'],
    [401, '{"error":{"message":"no such key: Bearer secret"}}', 'no such key: Bearer …', 'DYNAMO_API_KEY'],
    [503, '{"error":"no workers"}', 'no workers', 'log'],
    [400, 'Failed to parse the request body', 'Failed to parse the request body', 'OpenAI-compatible'],
    [500, '{"message":7}', '{"message":7}', 'log'],
    [500, flat('x'.repeat(10_000)), 'x'.repeat(300), 'log'],
  ])('with %s and %.60j', async (...[status, body, said, advice]) => {
    await using server = await serveBodies({ '/v1/models': { status, body } })
    const failure = listModels({ baseUrl: server.url, apiKey: 'secret' })
    await expect(failure).rejects.toMatchObject({
      code: 'DYN_HTTP_STATUS',
      message: `${server.url}/v1/models answered ${status}${said === undefined ? '' : `: ${said}`}`,
      advice: expect.stringContaining(advice) as string,
    })
    await expect(failure).rejects.not.toThrow('secret')
  })

  test('by a web page', async () => {
    await using server = await serveBodies({ '/v1/models': '<!doctype html><h1>Sign in</h1>' })
    await expect(listModels({ baseUrl: server.url })).rejects.toMatchObject({
      code: 'DYN_HTTP_INVALID_BODY',
      message: `${server.url}/v1/models answered with a web page, not with a model list`,
    })
  })

  test('by an answer without end, which is not kept', async () => {
    let sent = 0
    await using server = await serve((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ')
      const send = () => {
        do sent += chunk.length
        while (response.write(chunk))
      }
      response.on('drain', send)
      send()
    })
    await expect(listModels({ baseUrl: server.url, timeoutMs: 15_000 })).rejects.toMatchObject({
      code: 'DYN_HTTP_INVALID_BODY',
      message: `${server.url}/v1/models answered with more than 32 MiB`,
    })
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test.each(['', 'OK', 'null', '[]', '{}', '{"data":{}}', '{"data":['])(
    'by an answer that is no model list: %j',
    async (body) => {
      await using server = await serveBodies({ '/v1/models': body })
      await expect(listModels({ baseUrl: server.url })).rejects.toMatchObject({
        code: 'DYN_HTTP_INVALID_BODY',
        message: `${server.url}/v1/models did not answer with a model list`,
        advice: expect.stringContaining('/v1') as string,
      })
    },
  )
})

describe('a frontend that does not answer', () => {
  test('because nobody listens', async () => {
    const port = await freePort()
    await expect(listModels({ baseUrl: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'DYN_HTTP_UNREACHABLE',
      message: `http://127.0.0.1:${port}/v1/models cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
      advice: expect.stringContaining('DYNAMO_BASE_URL') as string,
      cause: expect.any(TypeError) as TypeError,
    })
  })

  test('because the connection ends', async () => {
    await using server = await serve((request) => request.socket.destroy())
    await expect(listModels({ baseUrl: server.url })).rejects.toMatchObject({
      code: 'DYN_HTTP_UNREACHABLE',
      message: expect.stringMatching(/cannot be reached: .+/) as string,
    })
  })

  test.each([
    ['at all', () => undefined],
    ['to its end', (_request: unknown, response: { write: (text: string) => unknown }) => response.write('{"data":[')],
  ])('in time %s', async (_, listener) => {
    await using server = await serve(listener)
    await expect(listModels({ baseUrl: server.url, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DYN_HTTP_UNREACHABLE',
      message: `${server.url}/v1/models did not answer within 50 ms`,
    })
  })
})

test("a caller who aborts gets its signal's own reason", async () => {
  await using server = await serve(() => undefined)
  const reason = new Error('enough')
  const controller = new AbortController()
  const listing = listModels({ baseUrl: server.url, signal: controller.signal })
  controller.abort(reason)
  await expect(listing).rejects.toBe(reason)
  await expect(listModels({ baseUrl: server.url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test.each(['two\nlines', 'arrow →', '\u0000'])('a token with %j, which no header can carry, is not shown', async (x) => {
  const apiKey = `sk-secret ${x}`
  const failure: unknown = await listModels({ baseUrl: 'http://127.0.0.1:9', apiKey }).catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'DYN_INVALID_OPTION',
    message: 'apiKey holds a character that cannot travel in a header',
  })
  expect(inspect(failure)).not.toContain('sk-secret')
})

test.each(['', 'ftp://host', 'http://', 'two words'])('the base URL %j is refused', async (baseUrl) => {
  await expect(listModels({ baseUrl })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
})
