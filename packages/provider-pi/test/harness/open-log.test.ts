// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from '../../src/harness/open-log.ts'
import { readHarnessRows } from '../helpers/harness-rows.ts'

const row = (reason: string): HarnessRecord => ({
  type: 'session_start',
  eventTimeMs: 1,
  source: 'pi',
  identity: { sessionId: 'S', trajectoryId: 'T' },
  session: { reason },
})

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-log-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('keeps what comes before its code is loaded', async () => {
  const path = join(folder, 'harness.jsonl')
  const log = openLog(path)
  log.record(row('one'))
  expect(log.status).toEqual({ path, written: 0, waiting: 1, dropped: 0, problem: undefined })
  await log.close()
  expect(await readHarnessRows(path)).toEqual([row('one')])
  expect(log.status).toMatchObject({ written: 1, waiting: 0 })
})

it('counts what is lost where its code cannot be loaded, and says why', async () => {
  const log = openLog(join(folder, 'harness.jsonl'), () => Promise.reject(new Error('no such package')))
  log.record(row('one'))
  await log.close()
  log.record(row('two'))
  expect(log.status).toMatchObject({ written: 0, waiting: 0, dropped: 2, problem: { code: 'DYN_OUTPUT_UNWRITABLE' } })
})

it('makes no file as long as nothing is written', async () => {
  const path = join(folder, 'harness.jsonl')
  await openLog(path).close()
  await expect(readHarnessRows(path)).rejects.toMatchObject({ code: 'ENOENT' })
})
