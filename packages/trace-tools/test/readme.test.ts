// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { temporaryFolder } from './support/temporary-folder.ts'

it('the example in the README runs', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    TRACE: join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl'),
    TMPDIR: temporaryFolder(),
  })
  expect(stdout).toMatch(/^27 requests and 27 tool calls in 2\.7 s\n/)
  expect(stdout).toContain('decode')
})
