// SPDX-License-Identifier: Apache-2.0
import { traceFiles } from '@dynamo-agent/fixtures'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { summarizeTraceFiles } from '../../src/doctor/trace/summarize-rows.ts'

test.each(
  traceFiles.filter((path) => path.endsWith('agent-run.jsonl')).map((path) => ({ name: basename(path), path })),
)('$name, which a released Dynamo wrote, is joined and of one clock', async ({ path }) => {
  const { requests, toolEvents, trajectories, harnessAheadMs = 0, onlyProbes } = await summarizeTraceFiles([path])
  expect(requests).toBeGreaterThan(10)
  expect(toolEvents).toBeGreaterThan(10)
  expect(trajectories.both.size).toBeGreaterThan(1)
  expect(Math.abs(harnessAheadMs)).toBeLessThan(1000)
  expect(onlyProbes).toBe(false)
})
