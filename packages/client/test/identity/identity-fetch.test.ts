// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers'
import {
  agentContextBodyDialect,
  bindAgentContext,
  currentAgentContext,
  sessionHeadersDialect,
  withAgentContext,
  type Dialect,
  type DialectName,
} from '@dynamo-agent/core'
import { describe, expect, test } from 'vitest'
import {
  createDialectSelector,
  createDynamoFetch,
  createIdentityFetch,
  type IdentityFetchOptions,
} from '../../src/index.ts'
import { chatBody, numberedIdentity, postChat, recordedIdentity, startFrontend } from '../frontends.ts'
import { freePort, readHttpBody, serve } from '../support.ts'

const context = { sessionId: 'S', trajectoryId: 'T', sessionTypeId: 'test' }
const hints = { priority: 3 }
const identify = (dialect: Dialect) => dialect.identify(context, hints, 'R')
const inBody = agentContextBodyDialect.identify(context, hints, 'R').nvext

interface Call {
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A server that keeps what it is asked and answers with these statuses, the last one for ever. */
async function recorder(...answers: (readonly [status: number, body: string])[]) {
  const calls: Call[] = []
  const server = await serve((request, response) => {
    const { url, headers } = request
    void text(request).then((body) => {
      calls.push({ url, headers, body })
      const [status, answer] = answers[Math.min(calls.length, answers.length) - 1] ?? [200, 'fine']
      response.writeHead(status).end(answer)
    })
  })
  return Object.assign(server, { calls })
}

/** A fetch that identifies, in a dialect that is set. */
const identified = (name: DialectName, options: Partial<IdentityFetchOptions> = {}) => {
  const selector = createDialectSelector({ baseUrl: 'http://127.0.0.1:9', dialect: name })
  return { selector, fetch: createIdentityFetch({ selector, identify, ...options }) }
}

const refusal = [400, readHttpBody('1.6.1', 'body-agent-context.400.json')] as const

describe('a request', () => {
  test.each(['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/chat/completions?a=b'])(
    'for %s carries identity in headers and hints in the body',
    async (path) => {
      await using server = await recorder()
      const { fetch } = identified('session-headers')
      const response = await fetch(server.url + path, { method: 'post', body: '{"model":"m"}' })
      expect(await response.text()).toBe('fine')
      expect(server.calls).toMatchObject([{ url: path, headers: { 'x-dynamo-session-id': 'T', 'x-request-id': 'R' } }])
      expect(JSON.parse(server.calls[0]?.body ?? '')).toEqual({ model: 'm', nvext: { agent_hints: { priority: 3 } } })
    },
  )

  test('carries identity in the body where Dynamo 1.2 is', async () => {
    await using server = await recorder()
    const headers = new Headers({ 'content-length': '13', accept: 'a/b' })
    await identified('agent-context-body').fetch(new URL(`${server.url}/v1/chat/completions`), {
      method: 'POST',
      headers,
      body: '{"model":"m"}',
    })
    expect(server.calls[0]?.headers).toMatchObject({ accept: 'a/b', 'x-request-id': 'R' })
    expect(server.calls[0]?.headers).not.toHaveProperty('x-dynamo-session-id')
    expect(JSON.parse(server.calls[0]?.body ?? '')).toEqual({ model: 'm', nvext: inBody })
    // The caller's own headers are left alone.
    expect([...headers.keys()]).toEqual(['accept', 'content-length'])
  })

  test.each<[string, string, RequestInit | undefined]>([
    ['for the models', '/v1/models', undefined],
    ['for embeddings', '/v1/embeddings', { method: 'POST', body: '{"model":"m"}' }],
    ['without a body', '/v1/chat/completions', { method: 'POST' }],
    ['with bytes for a body', '/v1/chat/completions', { method: 'POST', body: Buffer.from('{"model":"m"}') }],
    ['with a text that is no object', '/v1/chat/completions', { method: 'POST', body: 'model=m' }],
    ['that reads', '/v1/responses', { method: 'GET' }],
  ])('%s passes untouched', async (_what, path, init) => {
    await using server = await recorder()
    const passed: unknown[] = []
    const { fetch } = identified('session-headers', {
      fetch: (...args) => {
        passed.push(...args)
        return globalThis.fetch(...args)
      },
    })
    await (init === undefined ? fetch(server.url + path) : fetch(server.url + path, init))
    expect(passed[1]).toBe(init)
    expect(server.calls[0]?.headers).not.toHaveProperty('x-dynamo-session-id')
  })

  test.each<[string, IdentityFetchOptions['identify']]>([
    ['nobody', () => undefined],
    [
      'somebody who cannot be told',
      () => {
        throw new Error('no context')
      },
    ],
  ])('of %s passes untouched', async (_who, identify) => {
    await using server = await recorder()
    const { fetch } = identified('agent-context-body', { identify })
    await postChat(fetch, `${server.url}/v1`)
    expect(server.calls).toMatchObject([{ body: chatBody() }])
    expect(server.calls[0]?.headers).not.toHaveProperty('x-request-id')
  })

  test('belongs to the agent in whose flow it is made', async () => {
    await using server = await recorder()
    const { fetch } = identified('session-headers', {
      identify(dialect) {
        const current = currentAgentContext()
        return current && dialect.identify(current, {}, 'R')
      },
    })
    const agents = ['A', 'B'].map((trajectoryId) => ({ ...context, trajectoryId }))
    await Promise.all(agents.map((agent) => withAgentContext(agent, () => postChat(fetch, `${server.url}/v1`))))
    await bindAgentContext(() => postChat(fetch, `${server.url}/v1`), context)()
    const sessions = server.calls.map(({ headers }) => headers['x-dynamo-session-id'])
    expect(sessions.toSorted()).toEqual(['A', 'B', 'T'])
  })

  test('keeps what it says already', async () => {
    await using server = await recorder()
    const nvext = { agent_context: { session_id: 'mine' }, agent_hints: { priority: 9 } }
    const body = JSON.stringify({ model: 'm', nvext })
    await identified('agent-context-body').fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'X-Request-Id': 'mine' },
      body,
    })
    expect(server.calls).toMatchObject([{ body, headers: { 'x-request-id': 'mine' } }])
  })

  test('gives up its own identity in the body where headers are spoken', async () => {
    await using server = await recorder()
    const { fetch } = identified('session-headers')
    await postChat(fetch, `${server.url}/v1`, chatBody('m', { nvext: inBody }))
    expect(server.calls[0]?.headers).toMatchObject({ 'x-dynamo-session-id': 'T' })
    expect(JSON.parse(server.calls[0]?.body ?? '')).toMatchObject({ nvext: { agent_hints: { priority: 3 } } })
    expect(server.calls[0]?.body).not.toContain('agent_context')
  })
})

describe('a request that is refused for identity in its body', () => {
  test('is sent once more, with headers and an id of its own, and the next one at once', async () => {
    await using server = await recorder(refusal, [200, 'fine'])
    const { fetch } = identified('agent-context-body', { identify: numberedIdentity() })
    expect(await (await postChat(fetch, `${server.url}/v1`)).text()).toBe('fine')
    expect(await (await postChat(fetch, `${server.url}/v1`)).text()).toBe('fine')
    const sent = server.calls.map(({ headers, body }) => {
      return [headers['x-request-id'], headers['x-dynamo-session-id'], body.includes('agent_context')]
    })
    expect(sent).toEqual([
      ['request-1', undefined, true],
      ['request-2', 'run.coder', false],
      ['request-3', 'run.coder', false],
    ])
  })

  test('is so through a fetch of undici, which has a Response of its own', async () => {
    await using server = await recorder(refusal, [200, 'fine'])
    await using dynamoFetch = createDynamoFetch()
    const { fetch } = identified('agent-context-body', { fetch: dynamoFetch })
    expect(await (await postChat(fetch, `${server.url}/v1`)).text()).toBe('fine')
  })

  test('comes back when it is refused again', async () => {
    await using server = await recorder(refusal)
    const { fetch } = identified('agent-context-body')
    const nvext = { agent_context: { session_id: 'mine' } }
    const response = await postChat(fetch, `${server.url}/v1`, chatBody('m', { nvext }))
    expect(response.status).toBe(400)
    expect(server.calls).toHaveLength(2)
  })

  test.each([
    ['for something else', [400, readHttpBody('1.2.1', 'unknown-param.400.json')] as const],
    ['with another status', [404, refusal[1]] as const],
  ])('%s comes back as it is, with its body', async (_what, answer) => {
    await using server = await recorder(answer)
    const response = await postChat(identified('agent-context-body').fetch, `${server.url}/v1`)
    expect([response.status, await response.text()]).toEqual(answer)
    expect(server.calls).toHaveLength(1)
  })

  test('ends with the caller’s own abort', async () => {
    await using server = await recorder(refusal, [200, 'fine'])
    const controller = new AbortController()
    const { fetch } = identified('agent-context-body', {
      identify(dialect) {
        if (dialect === sessionHeadersDialect) controller.abort(new Error('enough'))
        return identify(dialect)
      },
    })
    const init = { method: 'POST', body: chatBody(), signal: controller.signal }
    await expect(fetch(`${server.url}/v1/chat/completions`, init)).rejects.toThrow('enough')
  })
})

describe('what the selector hears', () => {
  /** A selector that only listens. */
  function listening() {
    const heard = { doubts: 0 }
    const selector = {
      ...createDialectSelector({ baseUrl: 'http://127.0.0.1:9', dialect: 'session-headers' }),
      doubt() {
        heard.doubts++
      },
    }
    return { heard, fetch: createIdentityFetch({ selector, identify }) }
  }

  test.each([
    [200, 0],
    [404, 0],
    [500, 1],
    [503, 1],
  ])('of an answer %d: %d doubts', async (status, doubts) => {
    await using server = await recorder([status, ''])
    const { heard, fetch } = listening()
    expect((await postChat(fetch, `${server.url}/v1`)).status).toBe(status)
    expect(heard).toEqual({ doubts })
  })

  test('of a connection that fails: a doubt, and the error is fetch’s own', async () => {
    const { heard, fetch } = listening()
    const failure = await postChat(fetch, `http://127.0.0.1:${await freePort()}/v1`).catch((error: unknown) => error)
    expect((failure as Error).cause).toMatchObject({ code: 'ECONNREFUSED' })
    expect(heard).toEqual({ doubts: 1 })
  })

  test('of a caller who aborts: nothing', async () => {
    const { heard, fetch } = listening()
    const init = { method: 'POST', body: chatBody(), signal: AbortSignal.abort() }
    await expect(fetch('http://127.0.0.1:9/v1/chat/completions', init)).rejects.toThrow()
    expect(heard).toEqual({ doubts: 0 })
  })
})

test.each(['1.2', '1.3+'] as const)('a frontend of %s records who asked', async (generation) => {
  const frontend = await startFrontend(generation)
  const selector = createDialectSelector({ baseUrl: frontend.baseUrl, waitMs: 15_000 })
  const fetch = createIdentityFetch({ selector, identify: numberedIdentity() })
  expect((await postChat(fetch, frontend.baseUrl)).status).toBe(200)
  expect(await frontend.requests()).toMatchObject([{ identity: recordedIdentity[generation] }])
})
