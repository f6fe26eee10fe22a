// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { detectGeneration, type Detection } from '../../src/index.ts'
import { startFrontend, withoutDocument } from '../frontends.ts'
import { freePort, readHttpBody, releases, serve, serveBodies } from '../support.ts'

const bad = (message: string) => ({ status: 400, body: JSON.stringify({ message, type: 'Bad Request', code: 400 }) })
const prefix = 'Failed to deserialize the JSON body into the target type: '
/** What released versions answer to the probe. */
const mistyped = `${prefix}nvext.agent_context: invalid type: integer \`0\`, expected struct AgentContext at line 1`
const unknownField = `${prefix}unknown field \`agent_context\`, expected one of \`greed_sampling\`, \`router\``

/** A gateway that shows `/v1` alone, with this answer to a chat completion. */
const gateway = (answer: { status: number; body: string }) => serveBodies({ '/v1/chat/completions': answer })

const openapi = (title: string, version: string) => JSON.stringify({ openapi: '3.1.0', info: { title, version } })

describe('by /openapi.json', () => {
  test.each(releases)('Dynamo %s is known with its release', async (release) => {
    await using server = await serveBodies({ '/openapi.json': readHttpBody(release, 'openapi-head.json') })
    expect(await detectGeneration({ baseUrl: `${server.url}/v1` })).toEqual({
      by: 'openapi',
      dialect: release === '1.2.1' ? 'agent-context-body' : 'session-headers',
      release,
      steps: [{ request: `GET ${server.url}/openapi.json`, status: 200, seen: `NVIDIA Dynamo ${release}` }],
    })
  })

  test.each([
    ['1.1.0', 'session-headers'],
    ['1.2.0-dev.3', 'agent-context-body'],
    ['1.20.0', 'session-headers'],
    ['2.0.0', 'session-headers'],
  ])('release %s speaks %s', async (release, dialect) => {
    await using server = await serveBodies({ '/openapi.json': openapi('NVIDIA Dynamo OpenAI Frontend', release) })
    expect(await detectGeneration({ baseUrl: server.url })).toMatchObject({ by: 'openapi', release, dialect })
  })

  test.each([
    ['1.2 does', '1.3.0-dev.1', mistyped, 'agent-context-body'],
    ['later ones do', '1.2.0-rc.9', unknownField, 'session-headers'],
  ])('a build between releases that refuses as %s speaks what it refuses in', async (...row) => {
    const [, release, message, dialect] = row
    await using server = await serveBodies({
      '/openapi.json': openapi('NVIDIA Dynamo OpenAI Frontend', release),
      '/v1/chat/completions': bad(message),
    })
    const detection = await detectGeneration({ baseUrl: server.url })
    expect(detection).toMatchObject({ by: 'openapi', release, dialect, steps: [{ status: 200 }, { status: 400 }] })
  })

  test.each([
    ['1.2', 'agent-context-body'],
    ['1.3+', 'session-headers'],
  ] as const)('the local frontend is known as %s, and nothing was asked of its model', async (generation, dialect) => {
    const frontend = await startFrontend(generation)
    expect(await detectGeneration({ baseUrl: frontend.baseUrl })).toMatchObject({ by: 'openapi', dialect })
    expect(await frontend.requests()).toEqual([])
  })
})

describe('by the probe, where the document tells nothing', () => {
  test.each<[string, string, Detection['dialect']]>([
    ['1.2', mistyped, 'agent-context-body'],
    ['1.3 and later', unknownField, 'session-headers'],
    ['1.3 as its /v1/responses', unknownField.replace('unknown', 'nvext.agent_context: unknown'), 'session-headers'],
  ])('Dynamo %s is known by its refusal', async (_release, message, dialect) => {
    await using server = await gateway(bad(message))
    expect(await detectGeneration({ baseUrl: server.url })).toEqual({
      by: 'probe',
      dialect,
      steps: [
        { request: `GET ${server.url}/openapi.json`, status: 404, seen: 'nothing that tells a Dynamo' },
        {
          request: `POST ${server.url}/v1/chat/completions`,
          status: 400,
          seen: `the refusal of a Dynamo that speaks ${dialect}`,
        },
      ],
    })
  })

  test.each([
    ['of another make', openapi('Gateway', '1.2.1')],
    ['that names Dynamo elsewhere', openapi('Gateway', '1.2.1').replace('3.1.0', 'NVIDIA Dynamo')],
    ['without a release', openapi('NVIDIA Dynamo OpenAI Frontend', 'unreleased')],
    ['cut in the middle', readHttpBody('1.6.1', 'openapi-head.json').slice(0, 200)],
  ])('a document %s is no answer', async (_what, document) => {
    await using server = await serveBodies({ '/openapi.json': document, '/v1/chat/completions': bad(unknownField) })
    expect(await detectGeneration({ baseUrl: server.url })).toMatchObject({ by: 'probe', dialect: 'session-headers' })
  })

  test.each([
    ['1.2', 'agent-context-body'],
    ['1.3+', 'session-headers'],
  ] as const)('the local frontend refuses it as %s does, and records nothing', async (generation, dialect) => {
    const frontend = await startFrontend(generation)
    const detection = await detectGeneration({ baseUrl: frontend.baseUrl, fetch: withoutDocument })
    expect(detection).toMatchObject({ by: 'probe', dialect })
    expect(await frontend.requests()).toEqual([])
  })

  test('it has no messages and no context, and carries the key', async () => {
    const asked: unknown[] = []
    await using server = await serve((request, response) => {
      const { method, url, headers } = request
      void text(request).then((body) => {
        asked.push([method, url, headers.authorization, body])
        response.writeHead(404).end()
      })
    })
    await detectGeneration({ baseUrl: `${server.url}/gateway/v1`, apiKey: 'key' })
    expect(asked).toEqual([
      ['GET', '/gateway/openapi.json', 'Bearer key', ''],
      [
        'POST',
        '/gateway/v1/chat/completions',
        'Bearer key',
        '{"model":"dynamo-agent-probe-no-such-model","nvext":{"agent_context":0}}',
      ],
    ])
  })
})

describe('unknown, so session headers', () => {
  test.each([
    ['a server that ignores nvext and misses messages', bad(`${prefix}missing field \`messages\``), false],
    ['a server that does not know the model', { status: 404, body: '{"error":{"message":"no such model"}}' }, false],
    ['a server that wants a key', { status: 401, body: '{"error":{"message":"Incorrect API key"}}' }, false],
    ['a server that answers anything', { status: 200, body: unknownField }, false],
    ['a gateway without a server', { status: 503, body: 'no healthy upstream' }, true],
  ])('%s', async (_what, answer, transient) => {
    await using server = await gateway(answer)
    expect(await detectGeneration({ baseUrl: server.url })).toMatchObject({
      by: 'unknown',
      dialect: 'session-headers',
      transient,
      steps: [{ status: 404 }, { status: answer.status }],
    })
  })

  test('nobody', async () => {
    const detection = await detectGeneration({ baseUrl: `http://127.0.0.1:${await freePort()}` })
    expect(detection).toMatchObject({ by: 'unknown', dialect: 'session-headers', transient: true })
    expect(detection.steps).toHaveLength(1)
    expect(detection.steps[0]?.seen).toMatch(/cannot be reached: .*ECONNREFUSED/)
  })

  test('a server that does not answer in time', async () => {
    await using server = await serve(() => undefined)
    const detection = await detectGeneration({ baseUrl: server.url, timeoutMs: 50 })
    expect(detection).toMatchObject({ by: 'unknown', transient: true })
    expect(detection.steps[0]?.seen).toMatch(/did not answer within 50 ms/)
  })

  test('but a caller who aborts gets the own reason, and a wrong address is an error', async () => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(detectGeneration({ baseUrl: 'http://127.0.0.1:9', signal })).rejects.toBe(reason)
    await expect(detectGeneration({ baseUrl: 'ftp://x' })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
  })
})
