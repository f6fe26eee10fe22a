// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start, temporaryFolder } from '../support.ts'

test('the trace file is there from the start, as that of Dynamo is', async () => {
  const path = join(temporaryFolder(), 'trace.jsonl')
  await start({ trace: { path } })
  expect(readFileSync(path, 'utf8')).toBe('')
})

test('a frontend that does not start leaves no trace file', async () => {
  const { baseUrl } = await start()
  const path = join(temporaryFolder(), 'trace.jsonl')
  await expect(start({ trace: { path }, port: Number(new URL(baseUrl).port) })).rejects.toMatchObject({
    code: 'DYN_PORT_IN_USE',
  })
  expect(existsSync(path)).toBe(false)
})
