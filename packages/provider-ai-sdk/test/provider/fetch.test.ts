// SPDX-License-Identifier: Apache-2.0
import { generateText, streamText } from 'ai'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createDynamo } from '../../src/index.ts'
import { runProgram } from '../helpers/run-program.ts'
import { setStage } from '../helpers/stage.ts'

const prompt = 'Hi'

/** A frontend that begins a stream where one is asked for, and never comes to an end. */
async function serveStalled() {
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.writeHead(404).end()
    else void begin(request)
    async function begin(posted: IncomingMessage) {
      const body = Buffer.concat((await posted.toArray()) as Buffer[]).toString()
      if (body.includes('dynamo-agent-probe')) response.writeHead(404).end()
      else if (body.includes('"stream":true')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n')
        server.emit('stalled', response)
      } else server.emit('stalled', response)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** The next call that waits for its answer. */
    stalled: async () => {
      const [response] = (await once(server, 'stalled')) as [NodeJS.EventEmitter]
      return { closed: once(response, 'close') }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('an abort closes the connection, so that Dynamo stops the work', () => {
  it('before the answer', async () => {
    await using server = await serveStalled()
    const controller = new AbortController()
    const arrived = server.stalled()
    const model = createDynamo({ baseURL: server.baseURL })('m')
    const result = generateText({ model, prompt, abortSignal: controller.signal }).catch((error: unknown) => error)
    const { closed } = await arrived
    controller.abort()
    await closed
    expect(await result).toMatchObject({ name: 'AbortError' })
  })

  it('in the middle of a stream', async () => {
    await using server = await serveStalled()
    const controller = new AbortController()
    const arrived = server.stalled()
    const model = createDynamo({ baseURL: server.baseURL })('m')
    const { textStream } = streamText({ model, prompt, abortSignal: controller.signal })
    const { closed } = await arrived
    let text = ''
    for await (const delta of textStream) {
      text += delta
      controller.abort()
    }
    await closed
    expect(text).toBe('Hel')
  })

  it('when a model is used by itself and its stream is given up', async () => {
    await using server = await serveStalled()
    const arrived = server.stalled()
    const model = createDynamo({ baseURL: server.baseURL })('m')
    const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] })
    const { closed } = await arrived
    await stream.cancel()
    await closed
  })
})

it("a fetch of the user's own makes every request, detection included", async () => {
  await using stage = await setStage(['Hello.'])
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    asked.push(`${init?.method ?? 'GET'} ${new URL(input instanceof Request ? input.url : input).pathname}`)
    return globalThis.fetch(input, init)
  }
  const { text } = await generateText({ model: createDynamo({ baseURL: stage.baseURL, fetch })('scripted'), prompt })
  expect(text).toBe('Hello.')
  expect(asked).toEqual(['GET /openapi.json', 'POST /v1/chat/completions'])
})

describe('undici', () => {
  /** Whether undici has been loaded, and the host's dispatcher replaced, after these lines. */
  const loadedBy = async (lines: string, baseURL: string): Promise<unknown> => {
    const { stdout } = await runProgram(
      `
      import { registerHooks } from 'node:module'
      const loaded = new Set()
      registerHooks({
        resolve(specifier, context, next) {
          loaded.add(specifier)
          return next(specifier, context)
        },
      })
      const dispatcher = () => globalThis[Symbol.for('undici.globalDispatcher.1')]
      await fetch(process.env.DYNAMO_BASE_URL + '/models')
      const before = dispatcher()
      const { createDynamo } = await import('@dynamo-agent/provider-ai-sdk')
      const { generateText } = await import('ai')
      ${lines}
      console.log(JSON.stringify([loaded.has('undici'), dispatcher() === before]))
      `,
      { DYNAMO_BASE_URL: baseURL },
    )
    return JSON.parse(stdout)
  }

  it.each<[string, string, boolean]>([
    ['is not loaded with this package', 'createDynamo()("scripted")', false],
    ['makes the requests unless told', 'await generateText({ model: createDynamo()("scripted"), prompt: "Hi" })', true],
    [
      "is not loaded where the user's own fetch makes them",
      'await generateText({ model: createDynamo({ fetch })("scripted"), prompt: "Hi" })',
      false,
    ],
  ])('%s, and leaves the host its dispatcher', async (_what, lines, isLoaded) => {
    await using stage = await setStage(['Hello.'])
    expect(await loadedBy(lines, stage.baseURL)).toEqual([isLoaded, true])
  })
})
