// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { PiStreamOptions } from '../../src/pi/host.ts'
import { lendFetch } from '../../src/pi/lend-fetch.ts'

const theGlobalOne = globalThis.fetch
/** A fetch that says which one it is. */
const named = (name: string): typeof fetch => () => Promise.resolve(new Response(name))

/** As the client of Pi 0.73: its code is loaded first, then it reads the headers, makes an OpenAI client, and asks for the payload. */
async function askLate(_model: unknown, _context: unknown, options: PiStreamOptions): Promise<unknown> {
  await Promise.resolve()
  const { headers } = options
  const { fetch } = globalThis
  const payload = await options.onPayload?.('payload', null as never)
  return { headers, payload, answer: fetch === theGlobalOne ? 'the global one' : await (await fetch('http://model')).text() }
}

const ask = lendFetch(askLate) as typeof askLate

test('a client that is made later has the fetch of its call, and nobody else has', async () => {
  const calls = [
    ask(null, null, { fetch: named('first'), headers: { a: '1', b: null } }),
    ask(null, null, { headers: { a: '2' } }),
    ask(null, null, { fetch: named('third'), onPayload: (payload) => `${String(payload)} of the third` }),
    Promise.resolve().then(() => globalThis.fetch),
  ]
  expect(globalThis.fetch).toBe(theGlobalOne)
  expect(await Promise.all(calls)).toEqual([
    { headers: { a: '1', b: null }, payload: undefined, answer: 'first' },
    { headers: { a: '2' }, payload: undefined, answer: 'the global one' },
    { headers: undefined, payload: 'payload of the third', answer: 'third' },
    theGlobalOne,
  ])
  expect(globalThis.fetch).toBe(theGlobalOne)
})

test('a client that cannot be made leaves the global fetch as it was', async () => {
  const fail = lendFetch((_model, _context, { headers }: PiStreamOptions) => {
    throw new Error(`no client for ${JSON.stringify(headers)}`)
  })
  expect(() => fail(null, null, { fetch: named('ours') }) as unknown).toThrow('no client')
  await Promise.resolve()
  expect(globalThis.fetch).toBe(theGlobalOne)
})

test('a client that reads the headers long before it is made has the global fetch', async () => {
  const askEarly = lendFetch(async (_model, _context, { headers }: PiStreamOptions) => {
    await Promise.resolve()
    return { headers, fetch: globalThis.fetch }
  }) as typeof askLate
  const client = await askEarly(null, null, { fetch: named('ours'), headers: { a: '1' } })
  expect(client).toEqual({ headers: { a: '1' }, fetch: theGlobalOne })
})

test('a fetch that somebody else puts in the place of the global one meanwhile stays', async () => {
  const theirs = named('theirs')
  const meddle = lendFetch((_model, _context, { headers }: PiStreamOptions) => {
    globalThis.fetch = theirs
    return headers as unknown
  })
  meddle(null, null, { fetch: named('ours') })
  await Promise.resolve()
  expect(globalThis.fetch).toBe(theirs)
  globalThis.fetch = theGlobalOne
})
