// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { openTrace, type Slice } from '@dynamo-agent/trace-processor'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { timelineFormats, type TimelineFormatName } from '../../../src/formats.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { askedFor, requestLine, toolCallLine, toolLine } from '../../support/trace-lines.ts'

/** All slices in a fixed order; a native trace has marks besides for arrows to leave from. */
async function slicesOf(
  name: TimelineFormatName,
  lines: readonly string[],
  options?: TimelineOptions,
): Promise<Slice[]> {
  const trace = await openTrace(writeTimeline(timelineFormats[name], lines, options).bytes)
  const label = ({ category, name: of }: Slice) => `${category ?? ''} ${of ?? ''}`
  return trace
    .slices()
    .filter(({ category }) => category !== 'dynamo.flow')
    .sort((a, b) => label(a).localeCompare(label(b)) || Number(a.ts - b.ts) || a.dur - b.dur)
}

async function expectSameSlices(lines: readonly string[], options?: TimelineOptions): Promise<void> {
  const native = await slicesOf('perfetto', lines, options)
  const json = await slicesOf('chrome-json', lines, options)
  const labels = (slices: readonly Slice[]) => slices.map(({ category, name: of }) => [category, of])
  expect(labels(json)).toEqual(labels(native))
  for (const [index, { ts, dur }] of json.entries()) {
    const other = native[index]
    expect(Math.abs(Number(ts - (other?.ts ?? 0n)))).toBeLessThanOrEqual(1000)
    // Both ends are rounded.
    expect(Math.abs(dur - (other?.dur ?? 0))).toBeLessThanOrEqual(2000)
  }
}

const readFixture = (name: string) => readLines(join(fixtureFolder, name))

it.each(['dynamo-1.2.1-agent-run.jsonl', 'dynamo-1.5.1-agent-run.jsonl', 'dynamo-1.6.1-tool-calls-no-events.jsonl'])(
  'JSON and protobuf hold the same slices of %s, to the microsecond',
  async (name) => expectSameSlices(readFixture(name)),
)

it('JSON and protobuf hold the same slices without first tokens', async () => {
  await expectSameSlices(readFixture('dynamo-1.3.1-agent-run.jsonl'), { markers: false })
})

it('JSON and protobuf hold the same slices of calls of which nobody knows how long they took', async () => {
  await expectSameSlices([
    requestLine({ session: 'a', at: 0, request: { finish_reason_metadata: askedFor(['silent', 'bash']) } }),
    toolCallLine({ session: 'a', from: 60, to: 60 }),
    toolLine('tool_start', { session: 'a', eventTime: 70, tool: { tool_call_id: 'endless' } }),
  ])
})
