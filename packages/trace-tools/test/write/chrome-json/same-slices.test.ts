// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { openTrace, type Slice } from '@dynamo-agent/trace-processor'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { timelineFormats, type TimelineFormatName } from '../../../src/formats.ts'
import { writeTimeline } from '../../support/timeline.ts'

/** All slices in a fixed order; a native trace has marks besides for arrows to leave from. */
async function slicesOf(name: TimelineFormatName, lines: readonly string[]): Promise<Slice[]> {
  const trace = await openTrace(writeTimeline(timelineFormats[name], lines).bytes)
  const label = ({ category, name: of }: Slice) => `${category ?? ''} ${of ?? ''}`
  return trace
    .slices()
    .filter(({ category }) => category !== 'dynamo.flow')
    .sort((a, b) => label(a).localeCompare(label(b)) || Number(a.ts - b.ts) || a.dur - b.dur)
}

it.each(['dynamo-1.2.1-agent-run.jsonl', 'dynamo-1.5.1-agent-run.jsonl', 'dynamo-1.6.1-tool-calls-no-events.jsonl'])(
  'JSON and protobuf hold the same slices of %s, to the microsecond',
  async (name) => {
    const lines = readLines(join(fixtureFolder, name))
    const native = await slicesOf('perfetto', lines)
    const json = await slicesOf('chrome-json', lines)
    const labels = (slices: readonly Slice[]) => slices.map(({ category, name: of }) => [category, of])
    expect(labels(json)).toEqual(labels(native))
    for (const [index, { ts, dur }] of json.entries()) {
      const other = native[index]
      expect(Math.abs(Number(ts - (other?.ts ?? 0n)))).toBeLessThanOrEqual(1000)
      // Both ends are rounded.
      expect(Math.abs(dur - (other?.dur ?? 0))).toBeLessThanOrEqual(2000)
    }
  },
)
