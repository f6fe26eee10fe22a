// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'

it('has a README whose example runs', async () => {
  const { stdout, stderr } = await runReadmeExample(dirname(import.meta.dirname))
  expect({ stdout, stderr }).toEqual({ stdout: '{}\n', stderr: '' })
})
