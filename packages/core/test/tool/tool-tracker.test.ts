// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  createAgentContext,
  createToolTracker,
  type AgentContext,
  type ToolEvent,
  type ToolTrackerOptions,
} from '../../src/index.ts'
import { child, root, seededRandom } from '../support.ts'

/** A tracker on a clock that only the test moves. */
function setUp(options: Partial<ToolTrackerOptions> = {}) {
  const clock = { nowMs: 1000 }
  const emitted: { context: AgentContext; event: ToolEvent }[] = []
  const tracker = createToolTracker({
    emit: (context, event) => {
      emitted.push({ context, event })
    },
    now: () => clock.nowMs,
    ...options,
  })
  const start = (toolCallId: string, context = root) => {
    tracker.start(context, { toolCallId, toolClass: 'grep' })
  }
  /** Type, id and status of each event. */
  const story = () => emitted.map(({ event }) => `${event.type} ${event.tool.toolCallId} ${event.tool.status ?? ''}`)
  return { tracker, clock, emitted, start, story }
}

describe('a call', () => {
  test('is told at its start and at its end, with times of the injected clock', () => {
    const { tracker, clock, emitted, start } = setUp()
    start('c1', child)
    clock.nowMs = 1072
    tracker.end(child, 'c1', { status: 'succeeded', outputBytes: 373, outputTokens: 90 })
    expect(emitted).toStrictEqual([
      {
        context: child,
        event: {
          type: 'tool_start',
          timeMs: 1000,
          tool: { toolCallId: 'c1', toolClass: 'grep', startedAtMs: 1000, status: 'running' },
        },
      },
      {
        context: child,
        event: {
          type: 'tool_end',
          timeMs: 1072,
          tool: {
            toolCallId: 'c1',
            toolClass: 'grep',
            startedAtMs: 1000,
            endedAtMs: 1072,
            status: 'succeeded',
            durationMs: 72,
            outputBytes: 373,
            outputTokens: 90,
          },
        },
      },
    ])
    expect(tracker.openCount).toBe(0)
  })

  test.each([
    ['succeeded', 'tool_end'],
    ['error', 'tool_error'],
    ['cancelled', 'tool_end'],
  ] as const)('that %s ends with %s', (status, type) => {
    const { tracker, emitted, start } = setUp()
    start('c1')
    tracker.end(root, 'c1', { status, errorType: undefined })
    expect(emitted[1]?.event).toMatchObject({ type, tool: { status } })
    expect(emitted[1]?.event.tool).not.toHaveProperty('errorType')
  })

  test('may end without a word on how', () => {
    const { tracker, emitted, start } = setUp()
    start('c1')
    tracker.end(root, 'c1', {})
    expect(emitted[1]?.event).toMatchObject({ type: 'tool_end', tool: { durationMs: 0 } })
    expect(emitted[1]?.event.tool).not.toHaveProperty('status')
  })

  test('has whole milliseconds on any clock, and never ends before it started', () => {
    const { tracker, clock, emitted, start } = setUp()
    clock.nowMs = 1000.7
    start('c1')
    clock.nowMs = 400.2
    tracker.end(root, 'c1', { status: 'error', errorType: 'ENOENT' })
    expect(emitted[1]?.event).toMatchObject({
      timeMs: 1001,
      tool: { startedAtMs: 1001, endedAtMs: 1001, durationMs: 0, errorType: 'ENOENT' },
    })
  })

  test('takes the real clock when none is injected', () => {
    const emitted: ToolEvent[] = []
    const before = Date.now()
    const tracker = createToolTracker({ emit: (_, event) => emitted.push(event) })
    tracker.start(root, { toolCallId: 'c1', toolClass: 'grep' })
    expect(emitted[0]?.timeMs).toBeGreaterThanOrEqual(before)
    expect(emitted[0]?.timeMs).toBeLessThanOrEqual(Date.now())
  })
})

describe('each start has exactly one end', () => {
  test('a second start of an open call is counted and ignored', () => {
    const { tracker, clock, story, emitted, start } = setUp()
    start('c1')
    clock.nowMs = 1500
    start('c1')
    clock.nowMs = 2000
    tracker.end(root, 'c1', { status: 'succeeded' })
    expect(story()).toEqual(['tool_start c1 running', 'tool_end c1 succeeded'])
    expect(emitted[1]?.event.tool.durationMs).toBe(1000)
    expect(tracker.counters).toMatchObject({ started: 1, ended: 1, duplicateStarts: 1 })
  })

  test('a second end, and one that never started, are counted and ignored', () => {
    const { tracker, story, start } = setUp()
    start('c1')
    tracker.end(root, 'c1', { status: 'succeeded' })
    tracker.end(root, 'c1', { status: 'error' })
    tracker.end(root, 'never', { status: 'error' })
    expect(story()).toEqual(['tool_start c1 running', 'tool_end c1 succeeded'])
    expect(tracker.counters).toMatchObject({ started: 1, ended: 1, unmatchedEnds: 2 })
  })

  test('an id may come again after its end', () => {
    const { tracker, story, start } = setUp()
    for (const status of ['succeeded', 'error'] as const) {
      start('c1')
      tracker.end(root, 'c1', { status })
    }
    expect(story()).toEqual([
      'tool_start c1 running',
      'tool_end c1 succeeded',
      'tool_start c1 running',
      'tool_error c1 error',
    ])
  })

  test('the same id in two trajectories is two calls', () => {
    const { tracker, emitted, start } = setUp()
    start('c1', root)
    start('c1', child)
    expect(tracker.openCount).toBe(2)
    tracker.end(child, 'c1', { status: 'succeeded' })
    expect(emitted.at(-1)?.context).toBe(child)
    expect(tracker.openCount).toBe(1)
  })

  test('the same id under two keys is two calls', () => {
    const { tracker, story } = setUp()
    for (const key of ['first', 'second']) tracker.start(root, { toolCallId: 'c1', toolClass: 'grep', key })
    tracker.end(root, 'c1', { status: 'succeeded' })
    expect(tracker.counters).toMatchObject({ started: 2, unmatchedEnds: 1 })
    tracker.end(root, 'second', { status: 'error' })
    tracker.end(root, 'first', { status: 'succeeded' })
    expect(story().slice(2)).toEqual(['tool_error c1 error', 'tool_end c1 succeeded'])
  })

  test('ids with line ends in them do not meet', () => {
    const { tracker, start } = setUp()
    start('b\nc', createAgentContext({ sessionId: 'a' }))
    start('c', createAgentContext({ sessionId: 'a', trajectoryId: 'a~b' }))
    expect(tracker.openCount).toBe(2)
  })

  test('whatever the harness does', () => {
    const random = seededRandom(3)
    const { tracker, clock, emitted, start } = setUp({ capacity: 20, maxAgeMs: 500 })
    const contexts = [root, child]
    for (let step = 0; step < 5000; step++) {
      clock.nowMs += random() * 20
      const context = contexts[Math.floor(random() * 2)]!
      const id = `c${Math.floor(random() * 40)}`
      if (random() < 0.6) start(id, context)
      else tracker.end(context, id, { status: 'succeeded' })
      if (random() < 0.01) tracker.cancelOpen(context.trajectoryId)
      expect(tracker.openCount).toBeLessThanOrEqual(20)
    }
    tracker.cancelOpen()
    const open = new Set<string>()
    for (const { context, event } of emitted) {
      const key = `${context.trajectoryId} ${event.tool.toolCallId}`
      expect(open.has(key)).toBe(event.type !== 'tool_start')
      if (event.type === 'tool_start') open.add(key)
      else open.delete(key)
    }
    expect(open.size).toBe(0)
    expect(tracker.counters.started).toBe(tracker.counters.ended)
    expect(tracker.counters.orphaned).toBeGreaterThan(0)
  })
})

describe('a call that nobody ends', () => {
  test('is closed as cancelled to make room for a new one, the oldest first', () => {
    const { tracker, story, start } = setUp({ capacity: 2 })
    for (const id of ['c1', 'c2', 'c3']) start(id)
    expect(story()).toEqual([
      'tool_start c1 running',
      'tool_start c2 running',
      'tool_end c1 cancelled',
      'tool_start c3 running',
    ])
    expect(tracker.openCount).toBe(2)
    expect(tracker.counters).toMatchObject({ orphaned: 1, ended: 1 })
  })

  test('is closed as cancelled when a call starts after its time', () => {
    const { tracker, clock, story, start } = setUp({ maxAgeMs: 100 })
    start('old')
    clock.nowMs += 50
    start('young')
    clock.nowMs += 60
    start('new')
    expect(story().slice(2)).toEqual(['tool_end old cancelled', 'tool_start new running'])
    tracker.end(root, 'old', { status: 'succeeded' })
    expect(tracker.counters).toMatchObject({ orphaned: 1, unmatchedEnds: 1 })
  })

  test('is closed as cancelled with its trajectory, and no other is', () => {
    const { tracker, story, start } = setUp()
    start('c1', root)
    start('c2', child)
    start('c3', child)
    tracker.cancelOpen(child.trajectoryId)
    expect(story().slice(3)).toEqual(['tool_end c2 cancelled', 'tool_end c3 cancelled'])
    tracker.cancelOpen()
    expect(story().slice(5)).toEqual(['tool_end c1 cancelled'])
    tracker.cancelOpen()
    expect(tracker.counters).toEqual({ started: 3, ended: 3, duplicateStarts: 0, unmatchedEnds: 0, orphaned: 3 })
  })
})
