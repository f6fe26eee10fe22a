// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { checkHealth } from '../src/index.ts'
import { freePort, serve, serveBodies } from './support.ts'

const live = '{"status":"live","message":"Service is live"}'
const health = (status: string) =>
  `{"status":"${status}","endpoints":["dyn://dynamo.backend.generate"],"instances":[{"component":"backend","endpoint":"generate","namespace":"dynamo","instance_id":18446744073709551557,"transport":{"tcp":"10.0.0.1:1"}}]}`
const instances = [
  { instanceId: 18446744073709551557n, namespace: 'dynamo', component: 'backend', endpoint: 'generate' },
]

describe('checkHealth', () => {
  test('a healthy Dynamo, with its workers by their exact ids', async () => {
    await using server = await serveBodies({ '/live': live, '/health': health('healthy') })
    expect(await checkHealth({ baseUrl: server.url })).toStrictEqual({
      live: true,
      healthy: true,
      status: 'healthy',
      instances,
    })
  })

  test.each(['', '/v1', '/v1/'])('asks at the root for a base URL that ends in %j', async (end) => {
    await using server = await serveBodies({ '/live': live, '/health': health('healthy') })
    expect(await checkHealth({ baseUrl: server.url + end })).toMatchObject({ live: true, healthy: true })
  })

  test('asks under the path of a gateway', async () => {
    await using server = await serveBodies({ '/gateway/live': live, '/gateway/health': health('healthy') })
    expect(await checkHealth({ baseUrl: `${server.url}/gateway/v1` })).toMatchObject({ live: true, healthy: true })
  })

  test('a Dynamo that lives and is not ready', async () => {
    await using server = await serveBodies({ '/live': live, '/health': { status: 503, body: health('not_ready') } })
    expect(await checkHealth({ baseUrl: server.url })).toMatchObject({
      live: true,
      healthy: false,
      status: 'not_ready',
      instances,
      problem: { code: 'DYN_HTTP_STATUS' },
    })
  })

  test('a server of another make that has one of the paths', async () => {
    await using vllm = await serveBodies({ '/health': '' })
    expect(await checkHealth({ baseUrl: vllm.url })).toStrictEqual({ live: true, healthy: true, instances: [] })
    await using other = await serveBodies({ '/live': 'OK' })
    expect(await checkHealth({ baseUrl: other.url })).toMatchObject({
      live: true,
      healthy: false,
      problem: { code: 'DYN_HTTP_STATUS' },
    })
  })

  test('a server that has neither', async () => {
    await using server = await serveBodies({})
    expect(await checkHealth({ baseUrl: server.url })).toMatchObject({
      live: false,
      healthy: false,
      problem: { code: 'DYN_HTTP_STATUS' },
    })
  })

  test('a body that is none of these costs nothing but its contents', async () => {
    await using server = await serveBodies({
      '/live': live,
      '/health': '{"status":7,"instances":[null,{"instance_id":"x"}]}',
    })
    expect(await checkHealth({ baseUrl: server.url })).toStrictEqual({ live: true, healthy: true, instances: [{}, {}] })
  })

  test('nobody listens, which is an answer', async () => {
    const port = await freePort()
    expect(await checkHealth({ baseUrl: `127.0.0.1:${port}` })).toMatchObject({
      live: false,
      healthy: false,
      instances: [],
      problem: { code: 'DYN_HTTP_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') as string },
    })
  })

  test('no answer in time', async () => {
    await using server = await serve(() => undefined)
    expect(await checkHealth({ baseUrl: server.url, timeoutMs: 50 })).toMatchObject({
      live: false,
      problem: { code: 'DYN_HTTP_UNREACHABLE', message: `${server.url}/health did not answer within 50 ms` },
    })
  })

  test("throws only for a base URL that is none, and the caller's own abort", async () => {
    await expect(checkHealth({ baseUrl: 'ftp://host' })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
    const reason = new Error('enough')
    await expect(checkHealth({ baseUrl: 'http://127.0.0.1:1', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
