// SPDX-License-Identifier: Apache-2.0
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { expect, it } from 'vitest'
import { temporaryFolder } from './support.ts'

it('has a README whose example writes rows', async () => {
  const { stdout, stderr } = await runReadmeExample(new URL('..', import.meta.url).pathname, {
    TMPDIR: temporaryFolder(),
  })
  expect(stdout).toMatch(/3 rows in .*trace\.000000\.jsonl\.gz/)
  expect(stderr).toBe('')
})
