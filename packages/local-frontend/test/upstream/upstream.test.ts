// SPDX-License-Identifier: Apache-2.0
import { createServer, request, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chat, fast, post, postTo, scriptOf, settle, start, startTraced, until } from '../support.ts'

const identified = { 'x-dynamo-session-id': 'run-1', 'x-request-id': 'attempt-1' }

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = (fields: object, finish: string | null = null) =>
  event({ id: 'c', model: 'their-model', choices: [{ index: 0, delta: fields, finish_reason: finish }] })

/** A stream as servers of other makes write it. */
const foreignStream = [
  ': comment\r\n\r\n',
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'gr' }),
  delta({ content: 'üße 😀' }),
  delta({ tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name: 'grep', arguments: '' } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
  delta({ tool_calls: [{ index: 1, id: 'call-2', type: 'function', function: { name: 'read', arguments: '{}' } }] }),
  delta({}, 'tool_calls'),
  event({
    model: 'their-model',
    choices: [],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 11,
      total_tokens: 111,
      prompt_tokens_details: { cached_tokens: 64 },
    },
  }),
  'data: [DONE]\n\n',
].join('')

const expectedFinish = {
  finish_reason: 'tool_calls',
  tool_calls: [
    { choice_index: 0, tool_call_index: 0, id: 'call-1', name: 'grep' },
    { choice_index: 0, tool_call_index: 1, id: 'call-2', name: 'read' },
  ],
  choices: [{ choice_index: 0, finish_reason: 'tool_calls' }],
}

interface Seen {
  method?: string
  url?: string
  rawHeaders: string[]
  headers: IncomingMessage['headers']
  body: string
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

/** An upstream that keeps what it saw and answers as told. */
async function upstreamThat(answer: (response: ServerResponse) => void | Promise<void>) {
  const seen: Seen[] = []
  const url = await serve((incoming, response) => {
    void readAll(incoming).then(async (body) => {
      const { method, url: path, rawHeaders, headers } = incoming
      seen.push({ ...(method && { method }), ...(path && { url: path }), rawHeaders, headers, body })
      await answer(response)
    })
  })
  return { url, seen }
}

describe('a stream passes byte for byte', () => {
  const bytes = Buffer.from(foreignStream)
  test.each([
    ['in one piece', bytes.length],
    ['in pieces of 7 bytes, which tear characters and lines', 7],
    ['byte by byte', 1],
  ])('%s, and is understood on the way', async (_, size) => {
    const { url } = await upstreamThat(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-kept': 'yes' })
      for (let at = 0; at < bytes.length; at += size) {
        response.write(bytes.subarray(at, at + size))
        if (at % 50 === 0) await settle(0)
      }
      response.end()
    })
    const { frontend, rows } = await startTraced({ model: { upstream: `${url}/v1` } })
    const response = await post(frontend, { ...chat, stream: true }, { headers: identified })
    expect(response.headers.get('x-kept')).toBe('yes')
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    const [row] = await rows()
    expect(traceLineSchema.safeParse(row).error).toBeUndefined()
    expect(row?.event.agent_context).toEqual({ session_id: 'run-1', input_trigger: 'user_message' })
    expect(row?.event.request).toMatchObject({
      x_request_id: 'attempt-1',
      model: 'tiny',
      input_tokens: 100,
      output_tokens: 11,
      cached_tokens: 64,
      finish_reason_metadata: expectedFinish,
    })
    const { ttft_ms: ttft, total_time_ms: total, avg_itl_ms: itl } = row?.event.request as Record<string, number>
    expect(ttft).toBeGreaterThan(0)
    expect(total).toBeGreaterThanOrEqual(ttft!)
    expect(itl).toBeCloseTo((total! - ttft!) / 10, 6)
  })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('compressed with %s it stays compressed', async (encoding, compress) => {
    const compressed = compress(bytes)
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding })
      response.end(compressed)
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    const received = await new Promise<Buffer>((resolve, reject) => {
      const outgoing = request(
        `${frontend.baseUrl}/chat/completions`,
        { method: 'POST', headers: identified },
        (response) => {
          const pieces: Buffer[] = []
          response
            .on('data', (piece: Buffer) => pieces.push(piece))
            .on('end', () => {
              resolve(Buffer.concat(pieces))
            })
        },
      )
      outgoing.on('error', reject).end(JSON.stringify(chat))
    })
    expect(received.equals(compressed)).toBe(true)
    expect((await rows())[0]?.event.request).toMatchObject({
      output_tokens: 11,
      finish_reason_metadata: expectedFinish,
    })
  })

  test('each piece is passed on before the next one comes', async () => {
    let release: (() => void) | undefined
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta({ content: 'first' }))
      release = () => response.end('data: [DONE]\n\n')
    })
    const frontend = await start({ model: { upstream: url } })
    const response = await post(frontend, { ...chat, stream: true })
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toContain('first')
    release?.()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: [DONE]\n\n')
  })
})

describe('a whole answer', () => {
  const body = JSON.stringify({
    model: 'their-model',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  })

  test('is recorded with what it says; what nobody can see from outside is absent', async () => {
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    expect(await (await post(frontend, chat, { headers: identified })).text()).toBe(body)
    const request = (await rows())[0]?.event.request ?? {}
    expect(Object.keys(request)).toEqual([
      'request_id',
      'x_request_id',
      'model',
      'input_tokens',
      'output_tokens',
      'request_received_ms',
      'total_time_ms',
      'finish_reason_metadata',
    ])
    expect(request.finish_reason_metadata).toEqual({
      finish_reason: 'stop',
      choices: [{ choice_index: 0, finish_reason: 'stop' }],
    })
  })

  test('that is not JSON passes all the same', async () => {
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>')
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    expect(await (await post(frontend, chat, { headers: identified })).text()).toBe('<html>')
    expect(traceLineSchema.safeParse((await rows())[0]).error).toBeUndefined()
  })
})

describe('a request passes', () => {
  const ok = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }

  test('with its bytes and its end-to-end headers, without those of the connection', async () => {
    const { url, seen } = await upstreamThat(ok)
    const frontend = await start({ model: { upstream: `${url}/openai/v1/` } })
    const body = ' {"model":"m", "messages":[], "nvext":{"agent_context":{}}, "ü":1.0} '
    await post(frontend, body, {
      headers: { ...identified, authorization: 'Bearer theirs', 'x-custom': 'kept', te: 'trailers' },
    })
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/openai/v1/chat/completions', body })
    expect(seen[0]?.headers).toMatchObject({
      ...identified,
      authorization: 'Bearer theirs',
      'x-custom': 'kept',
      host: new URL(url).host,
    })
    expect(seen[0]?.headers).not.toHaveProperty('te')
  })

  test('with another key when the upstream has its own', async () => {
    const { url, seen } = await upstreamThat(ok)
    const frontend = await start({ model: { upstream: url, apiKey: 'upstream-key' }, apiKey: 'frontend-key' })
    await post(frontend, chat, { headers: { authorization: 'Bearer frontend-key' } })
    expect(seen[0]?.headers.authorization).toBe('Bearer upstream-key')
    expect(seen[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1)
  })

  test('whatever its path and method below /v1, without a row', async () => {
    const { url, seen } = await upstreamThat(ok)
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    await fetch(`${frontend.baseUrl}/models?limit=2`)
    await fetch(`${frontend.baseUrl}/embeddings`, { method: 'POST', body: '{"input":"x"}' })
    expect(seen.map(({ method, url: path, body }) => [method, path, body])).toEqual([
      ['GET', '/v1/models?limit=2', ''],
      ['POST', '/v1/embeddings', '{"input":"x"}'],
    ])
    expect(await rows()).toEqual([])
  })
})

describe('failures', () => {
  test('of the upstream pass unchanged and leave no row', async () => {
    const { url } = await upstreamThat((response) => {
      response.writeHead(429, 'Slow Down', { 'content-type': 'text/plain', 'retry-after': '7' }).end('later')
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    const response = await post(frontend, chat, { headers: identified })
    expect([response.status, response.statusText, response.headers.get('retry-after'), await response.text()]).toEqual([
      429,
      'Slow Down',
      '7',
      'later',
    ])
    expect(await rows()).toEqual([])
  })

  test('to reach it are a 502 that names it and says what to do', async () => {
    const frontend = await start({ model: { upstream: 'http://127.0.0.1:9/v1' } })
    const response = await post(frontend, chat)
    expect(response.status).toBe(502)
    expect(await response.json()).toEqual({
      message:
        'The upstream http://127.0.0.1:9/v1 cannot be reached (ECONNREFUSED). Start it, or give another address.',
      type: 'Bad Gateway',
      code: 502,
    })
  })

  test('in the middle of a stream break the client off too, and leave a row without an end', async () => {
    const { url } = await upstreamThat(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta({ content: 'first' }))
      await settle(20)
      response.destroy()
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    const response = await post(frontend, { ...chat, stream: true }, { headers: identified })
    await expect(response.text()).rejects.toThrow()
    const request = (await rows())[0]?.event.request
    expect(request).toHaveProperty('ttft_ms')
    expect(request).not.toHaveProperty('finish_reason_metadata')
  })

  test('a client that goes away stops the upstream', async () => {
    let stopped = false
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => response.write(delta({ content: 'more' })), 5)
      response.once('close', () => {
        clearInterval(timer)
        stopped = true
      })
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    const abort = new AbortController()
    const response = await post(frontend, { ...chat, stream: true }, { headers: identified, signal: abort.signal })
    await response.body!.getReader().read()
    abort.abort()
    await until(() => stopped, 1000)
    expect((await rows())[0]?.event.request).not.toHaveProperty('finish_reason_metadata')
  })

  test('an upstream that is no address is refused at the start', async () => {
    await expect(start({ model: { upstream: 'ftp://x' } })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
  })
})

describe('a completion of text', () => {
  const body = { model: 'tiny', prompt: 'x' }

  test('is recorded as a chat completion is', async () => {
    const { url } = await upstreamThat(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event({ model: 'm', choices: [{ index: 0, text: '', finish_reason: null }] }))
      await settle(20)
      response.write(event({ model: 'm', choices: [{ index: 0, text: 'first' }] }))
      response.write(event({ model: 'm', choices: [{ index: 0, text: '', finish_reason: 'length' }] }))
      response.end(event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }))
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url } })
    await (await postTo(`${frontend.baseUrl}/completions`, body, { headers: identified })).text()
    const [row] = await rows()
    expect(traceLineSchema.safeParse(row).error).toBeUndefined()
    expect(row?.event.agent_context).toEqual({ session_id: 'run-1', input_trigger: 'other' })
    expect(row?.event.request).toMatchObject({
      model: 'tiny',
      input_tokens: 3,
      output_tokens: 2,
      finish_reason_metadata: { finish_reason: 'length', choices: [{ choice_index: 0, finish_reason: 'length' }] },
    })
    expect(row?.event.request?.ttft_ms).toBeGreaterThan(15)
  })

  test.each([
    ['the best of two', '1.3+', { best_of: 2 }],
    ['two choices', '1.3+', { n: 2 }],
    ['any', '1.2', { nvext: { agent_context: { session_type_id: 't', session_id: 's', trajectory_id: 'a' } } }],
  ] as const)('of %s in %s leaves no row', async (_, generation, changes) => {
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
    const { frontend, rows } = await startTraced({ model: { upstream: url }, generation })
    await (await postTo(`${frontend.baseUrl}/completions`, { ...body, ...changes }, { headers: identified })).text()
    expect(await rows()).toEqual([])
  })
})

describe('a response', () => {
  const output = [
    { type: 'reasoning', id: 'rs_1', summary: [] },
    { type: 'function_call', id: 'fc_1', call_id: 'call-1', name: 'grep', arguments: '{}' },
    { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'hi' }] },
  ]
  const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5, total_tokens: 14 }
  const ended = { object: 'response', model: 'their-model', status: 'completed', output, usage }
  const ask = async (upstream: string, body: object = {}) => {
    const { frontend, rows } = await startTraced({ model: { upstream } })
    const init = { headers: identified }
    const response = await postTo(`${frontend.baseUrl}/responses`, { model: 'tiny', input: 'x', ...body }, init)
    await response.text().catch(() => undefined)
    return (await rows())[0]
  }
  const named = (type: string, fields: object) => `event: ${type}\n${event({ type, ...fields })}`

  test('that is streamed is recorded as a chat completion is', async () => {
    const { url } = await upstreamThat(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(named('response.created', { response: { model: 'their-model', status: 'in_progress' } }))
      await settle(20)
      response.write(named('response.output_text.delta', { delta: 'hi' }))
      response.write(named('response.something_new', { delta: { of: 'theirs' } }))
      response.end(named('response.completed', { response: ended }))
    })
    const row = await ask(url, { stream: true })
    expect(traceLineSchema.safeParse(row).error).toBeUndefined()
    expect(row?.event.agent_context).toEqual({ session_id: 'run-1', input_trigger: 'user_message' })
    expect(row?.event.request).toMatchObject({
      model: 'tiny',
      input_tokens: 9,
      output_tokens: 5,
      cached_tokens: 4,
      finish_reason_metadata: {
        finish_reason: 'tool_calls',
        tool_calls: [{ choice_index: 0, tool_call_index: 0, id: 'call-1', name: 'grep' }],
        choices: [{ choice_index: 0, finish_reason: 'tool_calls' }],
      },
    })
    expect(row?.event.request?.ttft_ms).toBeGreaterThan(15)
  })

  test.each([
    [ended, 'tool_calls'],
    [{ ...ended, output: [] }, 'stop'],
    [{ ...ended, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ ...ended, status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
    [{ ...ended, status: 'failed', error: { code: 'server_error' } }, undefined],
    [{}, undefined],
  ])('whole, %#, ends as a row would say it', async (body, reason) => {
    const { url } = await upstreamThat((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    const metadata = (await ask(url))?.event.request?.finish_reason_metadata as { finish_reason?: string } | undefined
    expect(metadata?.finish_reason).toBe(reason)
  })

  test('that breaks off has a row without an end', async () => {
    const { url } = await upstreamThat(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(named('response.created', { response: { model: 'their-model', status: 'in_progress' } }))
      response.write(named('response.output_text.delta', { delta: 'hi' }))
      await settle(20)
      response.destroy()
    })
    const request = (await ask(url, { stream: true }))?.event.request
    expect(request).toHaveProperty('ttft_ms')
    expect(request).not.toHaveProperty('finish_reason_metadata')
  })
})

describe('a local frontend in front of a local frontend', () => {
  test.each([
    ['chat/completions', { ...chat, stream_options: { include_usage: true } }],
    ['completions', { model: 'tiny', prompt: 'x', stream_options: { include_usage: true } }],
    ['responses', { model: 'tiny', input: 'x' }],
  ])('gives the same bytes to %s, and both record', async (endpoint, body) => {
    const inner = await startTraced({
      model: {
        script: scriptOf({ text: 'one two three', toolCalls: [{ name: 'grep', arguments: { a: 1 } }] }),
        engine: fast,
      },
      createRequestId: () => 'same',
      now: () => 1_800_000_000_000 + performance.now() / 1e6,
    })
    const outer = await startTraced({ model: { upstream: inner.frontend.baseUrl } })
    const ask = async (frontend: { baseUrl: string }, init?: RequestInit) =>
      (await postTo(`${frontend.baseUrl}/${endpoint}`, { ...body, stream: true }, init)).text()
    const withoutCache = (text: string) => text.replace(/"cached_tokens":\d+/, '')
    const direct = await ask(inner.frontend)
    const through = await ask(outer.frontend, { headers: identified })
    expect(withoutCache(through)).toBe(withoutCache(direct))
    const seenInside = (await inner.rows())[1]?.event
    const seenOutside = (await outer.rows())[0]?.event
    expect(seenOutside?.agent_context).toEqual(seenInside?.agent_context)
    for (const key of ['model', 'input_tokens', 'output_tokens', 'cached_tokens']) {
      expect(seenOutside?.request?.[key]).toBe(seenInside?.request?.[key])
    }
    const { backend_finish_reason: _, ...finish } = seenInside?.request?.finish_reason_metadata as object & {
      backend_finish_reason: string
    }
    expect(seenOutside?.request?.finish_reason_metadata).toEqual(finish)
  })
})
