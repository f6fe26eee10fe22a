// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { observeNvext, readNvext, type Nvext } from '../src/index.ts'
import { readHttpBody, releases } from './support.ts'

const json = 'application/json'
const stream = 'text/event-stream'

/** An answer that comes in these pieces. */
function answer(pieces: readonly (string | Uint8Array)[], contentType: string): Response {
  const encoder = new TextEncoder()
  const chunks = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece))
  const headers = { 'content-type': contentType, 'x-a': 'b' }
  return new Response(ReadableStream.from(chunks), { status: 201, headers })
}

/** Reads an answer through the observer: its text, and what was found in it. */
async function observe(response: Response): Promise<{ readonly text: string; readonly found: readonly Nvext[] }> {
  const found: Nvext[] = []
  const observed = observeNvext(response, (nvext) => found.push(nvext))
  return { text: await observed.text(), found }
}

const split = (text: string, length: number) => text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []

describe.each(releases)('an answer of %s', (release) => {
  const body = readHttpBody(release, 'chat.json')
  const events = readHttpBody(release, 'chat-stream.sse')

  test.each([1, 7, 1000, 1_000_000])('is read in pieces of %i characters', async (length) => {
    const whole = await observe(answer(split(body, length), json))
    expect(whole).toEqual({ text: body, found: [readNvext(body)] })

    const streamed = await observe(answer(split(events, length), stream))
    expect(streamed.text).toBe(events)
    expect(Object.assign({}, ...streamed.found)).toEqual(readNvext(events))
  })
})

test('a stream tells of a worker once, and as soon as it is named', async () => {
  const chunk = (nvext: object) => `data: ${JSON.stringify({ choices: [{}], nvext })}\n\n`
  const worker = chunk({ worker_id: { prefill_worker_id: 1, decode_worker_id: 2 } })
  const timing = chunk({ worker_id: { prefill_worker_id: 1, decode_worker_id: 2 }, timing: { ttft_ms: 3 } })
  const workerId = { prefillWorkerId: 1n, decodeWorkerId: 2n }
  const { found } = await observe(answer([worker, worker, worker, timing], stream))
  expect(found).toEqual([{ workerId }, { workerId, timing: { ttftMs: 3 } }])
})

test('a stream that comes in one piece tells no more', async () => {
  const workerId = { prefillWorkerId: 1n, decodeWorkerId: 2n }
  const chunk = (more: object) => `data: ${JSON.stringify({ nvext: { worker_id: { prefill_worker_id: 1, decode_worker_id: 2 }, ...more } })}\n\n`
  const whole = chunk({}).repeat(100) + chunk({ timing: { ttft_ms: 3 } })
  const { found } = await observe(answer([whole], stream))
  expect(found).toEqual([{ workerId }, { workerId, timing: { ttftMs: 3 } }])
})

test('a decode worker that is named later is not missed', async () => {
  const chunk = (worker: object) => `data: ${JSON.stringify({ nvext: { worker_id: worker } })}\n\n`
  const { found } = await observe(
    answer([chunk({ prefill_worker_id: 1 }), chunk({ prefill_worker_id: 1, decode_worker_id: 2 })], stream),
  )
  expect(found.at(-1)).toEqual({ workerId: { prefillWorkerId: 1n, decodeWorkerId: 2n } })
})

test('characters of several bytes may be cut anywhere', async () => {
  const bytes = new TextEncoder().encode('data: {"a":"€","nvext":{"timing":{"ttft_ms":1}}}\n')
  const { text, found } = await observe(answer([bytes.slice(0, 13), bytes.slice(13)], stream))
  expect(text).toContain('€')
  expect(found).toEqual([{ timing: { ttftMs: 1 } }])
})

test('status and headers stay', () => {
  const observed = observeNvext(answer(['{}'], json), () => undefined)
  expect(observed.status).toBe(201)
  expect(observed.headers.get('x-a')).toBe('b')
})

test('an answer without a body stays what it is', () => {
  const empty = new Response(null, { status: 204 })
  expect(observeNvext(empty, () => undefined)).toBe(empty)
})

test('an answer whose body is no web stream stays what it is', () => {
  const foreign = { body: Readable.from(['{}']), headers: new Headers() } as unknown as Response
  expect(observeNvext(foreign, () => undefined)).toBe(foreign)
})

test('who stops reading stops the answer', async () => {
  let cancelled: unknown
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('data: {}\n\n'))
    },
    cancel(reason) {
      cancelled = reason
    },
  })
  const observed = observeNvext(new Response(endless, { headers: { 'content-type': stream } }), () => undefined)
  const reader = observed.body?.getReader()
  await reader?.read()
  await reader?.cancel('enough')
  await vi.waitFor(() => { expect(cancelled).toBe('enough') })
})
