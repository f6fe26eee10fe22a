// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('the example of the README runs', async () => {
  const { stderr } = await runReadmeExample(join(import.meta.dirname, '..'))
  expect(stderr).toBe('')
})
