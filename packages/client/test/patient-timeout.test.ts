// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { listModels } from '../src/index.ts'
import { patientTimeout } from '../src/patient-timeout.ts'
import { serve, serveBodies } from './support.ts'

/** Keeps this process from looking at anything. */
function block(ms: number): void {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; );
}

test('an answer that comes while the process is busy is not too late', async () => {
  await using server = await serveBodies({ '/v1/models': '{"data":[{"id":"m"}]}' })
  const models = listModels({ baseUrl: server.url, timeoutMs: 300 })
  block(1000)
  expect(await models).toEqual([{ id: 'm' }])
})

test('an answer that never comes is given up, however busy the process was', async () => {
  await using server = await serve(() => undefined)
  const models = listModels({ baseUrl: server.url, timeoutMs: 300 })
  block(1000)
  await expect(models).rejects.toThrow('did not answer within 300 ms')
})

test('it is a timeout to whoever asks', async () => {
  const signal = patientTimeout(10)
  await expect.poll(() => signal.aborted).toBe(true)
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
})
