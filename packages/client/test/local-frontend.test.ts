// SPDX-License-Identifier: Apache-2.0
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { expect, test } from 'vitest'
import { checkHealth, createDynamoFetch, listModels, readNvext } from '../src/index.ts'

const largest = 2n ** 64n - 1n

test('a local frontend is a Dynamo to the client', async () => {
  const script = parseScript(
    JSON.stringify({ models: [{ id: 'tiny', contextWindow: 4096 }], turns: ['hello'] }),
    'script.json',
  )
  await using frontend = await startLocalFrontend({
    model: { script, engine: { speedup: 1000, randomU64: () => largest } },
    toolEvents: false,
  })
  const { baseUrl } = frontend
  expect(await listModels({ baseUrl })).toMatchObject([{ id: 'tiny', contextWindow: 4096 }])
  const health = await checkHealth({ baseUrl })
  expect(health).toMatchObject({ live: true, healthy: true })
  expect(health.instances[0]?.instanceId).toBe(largest)

  await using dynamoFetch = createDynamoFetch()
  const body = JSON.stringify({
    model: 'tiny',
    messages: [{ role: 'user', content: 'Hello?' }],
    nvext: { extra_fields: ['worker_id'] },
  })
  const response = await dynamoFetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(readNvext(await response.text())?.workerId?.decodeWorkerId).toBe(largest)
})
