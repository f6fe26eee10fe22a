// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { judge, openTrace, type Slice } from '@dynamo-agent/trace-processor'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { perfettoFormat } from '../../../src/write/perfetto/perfetto-format.ts'
import { writeTimeline } from '../../support/timeline.ts'

it.each([
  'dynamo-1.2.1-agent-run.jsonl',
  'dynamo-1.3.1-agent-run.jsonl',
  'dynamo-1.5.1-tool-calls.jsonl',
  'dynamo-1.6.1-agent-run.jsonl',
  'dynamo-1.6.1-tool-calls-no-events.jsonl',
  'dynamo-1.6.1-killed-truncated.jsonl.gz',
])('%s is drawn without fault, each request as a slice and each edge as an arrow', async (name) => {
  const lines = readLines(join(fixtureFolder, name))
  const { bytes, edges } = writeTimeline(perfettoFormat, lines)
  const trace = await openTrace(bytes)
  expect(judge(trace)).toEqual([])
  expect(trace.flows()).toHaveLength(edges)
  expect(trace.slices({ category: 'dynamo.llm' })).toHaveLength(
    lines.filter((line) => line.includes('"request_end"')).length,
  )
})

it('holds the same slices and arrows when they are sorted by worker', async () => {
  const lines = readLines(join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl'))
  const [bySession, byWorker] = await Promise.all(
    (['session', 'worker'] as const).map((by) => openTrace(writeTimeline(perfettoFormat, lines, { by }).bytes)),
  )
  if (bySession === undefined || byWorker === undefined) throw new Error('nothing was opened')
  const describe = ({ ts, dur, name }: Slice) => [ts, dur, name]
  expect(judge(byWorker)).toEqual([])
  expect(byWorker.slices().map(describe)).toEqual(bySession.slices().map(describe))
  expect(byWorker.flows()).toHaveLength(bySession.flows().length)
})
