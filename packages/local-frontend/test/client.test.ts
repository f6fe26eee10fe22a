// SPDX-License-Identifier: Apache-2.0
import { checkHealth, createDynamoFetch, listModels, readNvext } from '@dynamo-agent/client'
import { expect, test } from 'vitest'
import { chat, fast, scriptOf, start } from './support.ts'

test('the client takes it for a Dynamo', async () => {
  const script = { ...scriptOf('hello'), models: [{ id: 'tiny', contextWindow: 4096 }] }
  const { baseUrl } = await start({ model: { script, engine: { ...fast, randomU64: () => 2n ** 64n - 1n } } })
  expect(await listModels({ baseUrl })).toMatchObject([{ id: 'tiny', contextWindow: 4096 }])
  const health = await checkHealth({ baseUrl })
  expect(health).toMatchObject({ live: true, healthy: true })
  expect(health.instances[0]?.instanceId).toBe(2n ** 64n - 1n)

  await using dynamoFetch = createDynamoFetch()
  const body = JSON.stringify({ ...chat, nvext: { extra_fields: ['worker_id'] } })
  const response = await dynamoFetch(`${baseUrl}/chat/completions`, { method: 'POST', body })
  expect(readNvext(await response.text())?.workerId?.decodeWorkerId).toBe(2n ** 64n - 1n)
})
