// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { expect, test } from 'vitest'
import { readHttpBody, serveBodies } from './support.ts'

test('the example in the README runs and does what it says', async () => {
  const chat = readHttpBody('1.6.1', 'chat.json')
  await using server = await serveBodies({
    '/live': '{"status":"live"}',
    '/health': '{"status":"healthy","instances":[]}',
    '/v1/models': readHttpBody('1.6.1', 'models.json'),
    '/v1/chat/completions': chat,
  })
  const { stdout, stderr } = await runReadmeExample(join(import.meta.dirname, '..'), {
    DYNAMO_BASE_URL: `${server.url}/v1`,
  })
  const id = /"decode_worker_id":(\d+)/.exec(chat)?.[1] ?? ''
  const ttft = /"ttft_ms":([\d.]+)/.exec(chat)?.[1] ?? ''
  expect(stdout).toBe(`{ live: true, healthy: true, model: 'tiny' }\n${id}n ${Number(ttft)}\n`)
  expect(stderr).toBe('')
})
