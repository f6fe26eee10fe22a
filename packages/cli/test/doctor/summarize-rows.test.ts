// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import { traceFiles } from '@dynamo-agent/fixtures'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readNewestRows } from '../../src/doctor/trace/newest-rows.ts'
import { summarizeRows } from '../../src/doctor/trace/summarize-rows.ts'

test.each(
  traceFiles.filter((path) => path.endsWith('agent-run.jsonl')).map((path) => ({ name: basename(path), path })),
)('$name, which a released Dynamo wrote, is joined and of one clock', async ({ path }) => {
  const rows = await readNewestRows([path], { limitMs: 10_000 })
  const { requests, toolEvents, trajectories, harnessAheadMs = 0, onlyProbes } = summarizeRows(rows)
  expect(requests).toBeGreaterThan(10)
  expect(toolEvents).toBeGreaterThan(10)
  expect(trajectories.both.size).toBeGreaterThan(1)
  expect(Math.abs(harnessAheadMs)).toBeLessThan(1000)
  expect(onlyProbes).toBe(false)
})

describe('how far the clock of the harness is ahead', () => {
  const shared = { schema: 'dynamo.request.trace.v1', identity: { trajectoryId: 'agent' } } as const

  /** A request of one second that asks for tools. */
  const request = (receivedMs: number, ...toolCalls: readonly string[]): TraceRecord => ({
    ...shared,
    type: 'request_end',
    eventTimeMs: receivedMs + 1000,
    request: {
      requestId: `request-${receivedMs}`,
      receivedMs,
      totalMs: 1000,
      finish: {
        choices: [],
        toolCalls: toolCalls.map((id, toolCallIndex) => ({ id, name: 'add', choiceIndex: 0, toolCallIndex })),
      },
    },
  })
  const tool = (toolCallId: string, startedAtMs: number, endedAtMs: number): TraceRecord => ({
    ...shared,
    type: 'tool_end',
    eventTimeMs: endedAtMs,
    tool: { toolCallId, toolClass: 'add', startedAtMs, endedAtMs },
  })

  test.each([
    { what: 'a tool between two requests', rows: [request(0, 'a'), tool('a', 1010, 1990), request(2000)], aheadMs: 0 },
    {
      what: 'a tool that starts too early',
      rows: [request(9000, 'a'), tool('a', 4010, 4990), request(11_000)],
      aheadMs: -5990,
    },
    {
      what: 'a tool that is late as a whole',
      rows: [request(0, 'a'), tool('a', 6010, 6990), request(2000)],
      aheadMs: 4990,
    },
    { what: 'a tool in the background', rows: [request(0, 'a'), tool('a', 1010, 60_000), request(2000)], aheadMs: 10 },
    {
      what: 'a tool of a second run under the same ids',
      rows: [request(0, 'a'), request(2000), request(9000, 'a'), tool('a', 10_010, 10_990), request(12_000)],
      aheadMs: undefined,
    },
  ])('by $what: $aheadMs ms', ({ rows, aheadMs }) => {
    expect(summarizeRows(rows).harnessAheadMs).toBe(aheadMs)
  })
})
