// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startLocalFrontend } from '../../src/index.ts'
import { chat, post, readRows, scriptOf, start, temporaryFolder } from '../support.ts'

test('rolled gzip files hold every row once, in order', async () => {
  const path = join(temporaryFolder(), 'trace.jsonl')
  const frontend = await start({ trace: { path, format: 'jsonl_gz', rollLines: 4, flushIntervalMs: 20 } })
  for (let turn = 0; turn < 10; turn++) await (await post(frontend, chat)).text()
  await frontend.close()
  expect(frontend.traceFiles.map((file) => file.replace(/.*trace/, 'trace'))).toEqual([
    'trace.000000.jsonl.gz',
    'trace.000001.jsonl.gz',
    'trace.000002.jsonl.gz',
  ])
  const lines = frontend.traceFiles.map(
    (file) => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').length,
  )
  expect(lines).toEqual([4, 4, 2])
  expect(frontend.counters.rows).toEqual({ written: 10, dropped: 0 })
})

test('a trace is appended to, as Dynamo does over restarts', async () => {
  const path = join(temporaryFolder(), 'trace.jsonl')
  for (let run = 0; run < 2; run++) {
    await using frontend = await start({ trace: { path } })
    await (await post(frontend, chat)).text()
  }
  expect(readRows(path)).toHaveLength(2)
})

test('a trace that cannot be written is refused at the start', async () => {
  const file = join(temporaryFolder(), 'a-file')
  writeFileSync(file, '')
  const path = join(file, 'trace.jsonl')
  const refused = startLocalFrontend({ model: { script: scriptOf('x') }, trace: { path } })
  await expect(refused).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE' })
})
