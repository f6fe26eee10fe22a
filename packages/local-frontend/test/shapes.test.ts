// SPDX-License-Identifier: Apache-2.0
import { parseExactJson } from '@dynamo-agent/core'
import { readHttpBody } from '@dynamo-agent/fixtures'
import { describe, expect, test } from 'vitest'
import type { Generation } from '../src/index.ts'
import { chat, chunksOf, eventsOf, fast, post, scriptOf, shapeOf, start } from './support.ts'

const releases: { generation: Generation; release: string }[] = [
  { generation: '1.2', release: '1.2.1' },
  { generation: '1.3+', release: '1.6.1' },
]

const extra = { nvext: { extra_fields: ['worker_id', 'timing'] } }

describe.each(releases)('what $generation answers has the shape of $release', ({ generation, release }) => {
  const fixture = (name: string) => parseExactJson(readHttpBody(release, name))
  const startIt = () =>
    start({ generation, model: { script: scriptOf({ text: 'cluck plat rindp les', outputTokens: 6 }), engine: fast } })

  test('openapi.json', async () => {
    const frontend = await startIt()
    const document = (await (await fetch(new URL('/openapi.json', frontend.baseUrl))).json()) as {
      info: unknown
      openapi: unknown
    }
    const { info, openapi } = fixture('openapi-head.json') as { info: unknown; openapi: unknown }
    expect(document.info).toEqual(info)
    expect(document.openapi).toBe(openapi)
  })

  test('models', async () => {
    const frontend = await startIt()
    const response = await fetch(`${frontend.baseUrl}/models`)
    expect(shapeOf(await response.json())).toEqual(shapeOf(fixture('models.json')))
    const one = await fetch(`${frontend.baseUrl}/models/tiny`)
    expect(await one.json()).toMatchObject({ id: 'tiny', object: 'model', owned_by: 'nvidia', context_window: 0 })
    expect((await fetch(`${frontend.baseUrl}/models/nope`)).status).toBe(404)
  })

  test('a chat completion', async () => {
    const frontend = await startIt()
    const response = await post(frontend, { ...chat, max_tokens: 4, ...extra })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(shapeOf(parseExactJson(await response.text()))).toEqual(shapeOf(fixture('chat.json')))
  })

  test('a streamed chat completion', async () => {
    const frontend = await startIt()
    const response = await post(frontend, {
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 6,
      ...extra,
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    const captured = readHttpBody(release, 'chat-stream.sse')
    expect(eventsOf(text).at(-1)).toBe('[DONE]')
    const shapes = chunksOf(text).map(shapeOf)
    const capturedShapes = chunksOf(captured).map(shapeOf)
    // The first, one in the middle, the one with the finish reason, the one with usage.
    for (const index of [0, 1, -2, -1]) expect(shapes.at(index)).toEqual(capturedShapes.at(index))
    expect(text.endsWith('\n\n')).toBe(true)
  })

  test.each(['unknown-model.404.json', 'unknown-param.400.json'])('%s, byte for byte', async (name) => {
    const frontend = await startIt()
    const body = name.startsWith('unknown-model') ? { ...chat, model: 'nope' } : { ...chat, zzz: 1 }
    const response = await post(frontend, body)
    expect(response.status).toBe(Number(/\d{3}/.exec(name)?.[0]))
    expect(await response.text()).toBe(readHttpBody(release, name).trimEnd())
  })
})

describe('nvext that this generation does not know', () => {
  // What was sent when the errors were captured had 135 bytes before the first key of nvext.
  const bodyWith = (nvext: string) => {
    const before = '{"model": "tiny", "messages": [{"role": "user", "content": "'
    const after = '"}], "max_tokens": 4, "nvext": {'
    return `${before}${'x'.repeat(135 - before.length - after.length)}${after}${nvext}}}`
  }
  const context = '"agent_context": {"session_type_id": "p", "session_id": "p", "trajectory_id": "p"}'
  const hints = '"agent_hints": {"zzz": 1}'

  test.each([
    ['body-agent-context.400.json', context],
    ['hints-unknown-key.400.json', hints],
  ])('is refused by 1.3+ as in %s, byte for byte', async (name, nvext) => {
    const response = await post(await start(), bodyWith(nvext))
    expect(response.status).toBe(400)
    expect(await response.text()).toBe(readHttpBody('1.6.1', name).trimEnd())
  })

  test.each([
    ['body-agent-context.200.json', context],
    ['hints-unknown-key.200.json', hints],
  ])('is taken by 1.2 as in %s', async (name, nvext) => {
    const response = await post(await start({ generation: '1.2' }), bodyWith(nvext))
    expect(response.status).toBe(200)
    expect(shapeOf(await response.json())).toEqual(shapeOf(JSON.parse(readHttpBody('1.2.1', name))))
  })
})
