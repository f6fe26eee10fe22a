// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { openToolEvents, type ToolEvent, type ToolEventSink } from '../../src/index.ts'
import { root } from '../support.ts'

/** A sink that keeps what it gets, and tool events on their way to it once `arrive` has been called. */
function setUp({ capacity = 100 } = {}) {
  const story: string[] = []
  const exitTasks = new Set<() => void>()
  const sink: ToolEventSink = {
    send: (_context, event: ToolEvent) => story.push(`${event.type} ${event.tool.toolCallId}`) > 0,
    beforeExit(task) {
      exitTasks.add(task)
      return () => exitTasks.delete(task)
    },
    close() {
      story.push('closed')
      return Promise.resolve()
    },
  }
  let resolve: ((sink: ToolEventSink) => void) | undefined
  let fail: ((error: Error) => void) | undefined
  const opened = new Promise<ToolEventSink>((...settle) => {
    [resolve, fail] = settle
  })
  const events = openToolEvents({ openSink: () => opened, capacity })
  const run = (toolCallId: string) => {
    events.start(root, { toolCallId, toolClass: 'grep' })
    events.end(root, toolCallId, { status: 'succeeded' })
  }
  const arrive = async () => {
    resolve?.(sink)
    await events.settled
  }
  return { events, story, exitTasks, run, arrive, fail: (error: Error) => fail?.(error) }
}

test('keeps what happens before there is a sink, in order', async () => {
  const { story, run, arrive } = setUp()
  run('early')
  expect(story).toEqual([])
  await arrive()
  run('late')
  expect(story).toEqual(['tool_start early', 'tool_end early', 'tool_start late', 'tool_end late'])
})

test('counts what it has no room for', async () => {
  const { events, story, run, arrive } = setUp({ capacity: 2 })
  run('kept')
  run('lost')
  await arrive()
  expect(story).toEqual(['tool_start kept', 'tool_end kept'])
  expect(events.counters).toMatchObject({ unrelayed: 2, calls: { started: 2 } })
})

test('counts everything where there can be no sink, and says why', async () => {
  const { events, run, fail } = setUp()
  run('early')
  fail(new Error('not installed'))
  await events.settled
  run('late')
  expect(events.counters.unrelayed).toBe(4)
  expect(events.problem).toEqual(new Error('not installed'))
  expect(events.sink).toBeUndefined()
  await events.close()
})

test('closes what is open as cancelled before the process ends', async () => {
  const { events, story, exitTasks, arrive } = setUp()
  await arrive()
  events.start(root, { toolCallId: 'open', toolClass: 'bash' })
  for (const task of exitTasks) task()
  expect(story).toEqual(['tool_start open', 'tool_end open'])
  expect(events.openCount).toBe(0)
})

test('closes what is open and then the sink, once, and takes no further call', async () => {
  const { events, story, exitTasks, run, arrive } = setUp()
  events.start(root, { toolCallId: 'open', toolClass: 'bash' })
  const closing = events.close()
  expect(events.close()).toBe(closing)
  run('late')
  await arrive()
  await closing
  expect(story).toEqual(['tool_start open', 'tool_end open', 'closed'])
  expect(exitTasks.size).toBe(0)
})
