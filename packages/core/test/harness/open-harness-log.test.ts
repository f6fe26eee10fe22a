// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { growthOf, openHarnessLog, type HarnessLogSink, type HarnessRecord } from '../../src/index.ts'

const identity = { sessionId: 'run', trajectoryId: 'run', sessionTypeId: 'coding' }
const row = (reason: string): HarnessRecord => ({
  ...{ type: 'session_start', eventTimeMs: 1000, source: 'test', identity },
  session: { reason },
})

/** A log that keeps what it is given, and the tasks for the end of the process. */
function keepingLog(kept: HarnessRecord[], exitTasks: (() => void)[] = []) {
  return ({ path }: { readonly path: string }): HarnessLogSink => ({
    path: `/somewhere/${path}`,
    record: (record) => void kept.push(record),
    get counters() {
      return { waiting: 0, written: kept.length, dropped: 0 }
    },
    problem: undefined,
    beforeExit(task) {
      exitTasks.push(task)
      return () => undefined
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })
}

it('keeps what comes before its code is there, in order', async () => {
  const kept: HarnessRecord[] = []
  const log = openHarnessLog({ path: 'log', load: () => Promise.resolve(keepingLog(kept)) })
  log.record(row('one'))
  expect(log.status).toEqual({ path: 'log', written: 0, waiting: 1, dropped: 0, problem: undefined })
  await log.ready
  log.record(row('two'))
  expect(kept).toEqual([row('one'), row('two')])
  expect(log.status).toEqual({ path: '/somewhere/log', written: 2, waiting: 0, dropped: 0, problem: undefined })
})

it('has the log run what is to happen before the process ends, unless it is taken back', async () => {
  const exitTasks: (() => void)[] = []
  const kept: HarnessRecord[] = []
  const log = openHarnessLog({ path: 'log', load: () => Promise.resolve(keepingLog(kept, exitTasks)) })
  const forget = log.beforeExit(() => {
    log.record(row('taken back'))
  })
  await log.ready
  log.beforeExit(() => {
    log.record(row('last'))
  })
  forget()
  for (const task of exitTasks) task()
  expect(kept).toEqual([row('last')])
})

it('counts what is lost where its code never comes, and says why', async () => {
  const log = openHarnessLog({ path: 'log', load: () => Promise.reject(new Error('no such package')) })
  log.record(row('one'))
  await log.close()
  log.record(row('two'))
  expect(log.status).toMatchObject({ written: 0, waiting: 0, dropped: 2, problem: { code: 'DYN_OUTPUT_UNWRITABLE' } })
  expect(log.status.problem?.message).toContain('no such package')
})

it.each([
  [{ messages: 2, bytes: 10, tokens: 5 }, { messages: 5, bytes: 40, tokens: 9 }, { messages: 3, bytes: 30, tokens: 4 }],
  [{ messages: 5, bytes: 40 }, { messages: 2, bytes: 10, tokens: 5 }, { messages: -3, bytes: -30 }],
])('a context grows from %j to %j by %j', (previous, context, growth) => {
  expect(growthOf(previous, context)).toEqual(growth)
})
