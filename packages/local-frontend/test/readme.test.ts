// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { parseTraceLine } from '@dynamo-agent/core'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { expect, test } from 'vitest'

test('the example of the README runs', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'))
  const [answer = '', row = ''] = stdout.split('\n')
  expect(answer).toContain('Hello, whoever you are.')
  expect(parseTraceLine(row)).toMatchObject({
    kind: 'record',
    record: { identity: { trajectoryId: 'run-1' }, request: { model: 'scripted' } },
  })
})
