// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { chat, post, start } from '../support.ts'

test.each([
  [200, 'application/json'],
  [200, 'Application/JSON; charset=utf-8'],
  [200, 'application/vnd.api+json'],
  [415, 'application/jsonx'],
  [415, 'text/json'],
  [415, 'text/plain'],
])('%i: a body of type %s', async (status, type) => {
  const response = await post(await start(), chat, { headers: { 'content-type': type } })
  expect(response.status).toBe(status)
})

test('answers and errors carry the id that the request came with', async () => {
  const frontend = await start()
  const headers = { 'x-request-id': 'attempt-1' }
  for (const body of [chat, { ...chat, stream: true }, { ...chat, zzz: 1 }]) {
    const response = await post(frontend, body, { headers })
    await response.text()
    expect(response.headers.get('x-request-id')).toBe('attempt-1')
  }
  const lost = await fetch(`${frontend.baseUrl}/nowhere`, { headers })
  expect(lost.headers.get('x-request-id')).toBe('attempt-1')
  expect((await post(frontend, chat)).headers.get('x-request-id')).toBeNull()
})
