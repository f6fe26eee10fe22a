// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { expect, it } from 'vitest'

it('has a README whose example delivers a tool event', async () => {
  const { stdout, stderr } = await runReadmeExample(new URL('..', import.meta.url).pathname)
  expect(stdout).toContain('tool_start')
  expect(stdout).toContain('sent: 2')
  expect(stderr).toBe('')
})
