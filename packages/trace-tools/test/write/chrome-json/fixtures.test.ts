// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chromeJsonFormat } from '../../../src/write/chrome-json/chrome-json-format.ts'
import { writeTimeline } from '../../support/timeline.ts'

it.each([
  'dynamo-1.2.1-agent-run.jsonl',
  'dynamo-1.3.1-agent-run.jsonl',
  'dynamo-1.6.1-agent-run.jsonl',
  'dynamo-1.6.1-tool-calls.jsonl',
  'dynamo-1.6.1-tool-calls-no-events.jsonl',
])('%s is drawn without fault, each request as a slice and each edge as an arrow', async (name) => {
  const lines = readLines(join(fixtureFolder, name))
  const { bytes, edges } = writeTimeline(chromeJsonFormat, lines)
  const trace = await openTrace(bytes)
  expect(judge(trace)).toEqual([])
  expect(trace.flows()).toHaveLength(edges)
  expect(trace.slices({ category: 'dynamo.llm' })).toHaveLength(
    lines.filter((line) => line.includes('"request_end"')).length,
  )
})
