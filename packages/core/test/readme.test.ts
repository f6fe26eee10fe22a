// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runReadmeExample } from '@dynamo-agent/readme-example'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

test('the example in the README runs and does what it says', async () => {
  const { stdout, stderr } = await runReadmeExample(folder)
  const [identity, start, end] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(stderr).toBe('')
  expect(identity).toEqual({
    headers: {
      'x-dynamo-session-id': 'run-7:reviewer',
      'x-dynamo-parent-session-id': 'run-7',
      'x-request-id': 'request-1',
    },
    nvext: { agent_hints: { priority: 5 } },
  })
  expect(start).toMatchObject({ event_type: 'tool_start', session_id: 'run-7:reviewer', tool: { status: 'running' } })
  expect(end).toMatchObject({ event_type: 'tool_end', tool: { status: 'succeeded', output_bytes: 42 } })
})

test('the README names every export', () => {
  const index = readFileSync(join(folder, 'src/index.ts'), 'utf8').replace(
    /^\/\/.*$|from '.*'|\btype\b|\bexport\b/gm,
    '',
  )
  const names = index.match(/\w+/g) ?? []
  expect(names.length).toBeGreaterThan(50)
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
