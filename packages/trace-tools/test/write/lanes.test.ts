// SPDX-License-Identifier: Apache-2.0
import { openTrace, type Slice } from '@dynamo-agent/trace-processor'
import { describe, expect, it } from 'vitest'
import { timelineFormats, type TimelineFormatName } from '../../src/formats.ts'
import { generated } from '../support/generated-trace.ts'
import { askedFor, requestLine, toolCallLine, toolLine } from '../support/trace-lines.ts'
import { writeTimeline } from '../support/timeline.ts'

const formats = Object.keys(timelineFormats) as TimelineFormatName[]
const shapes = ['coding-agent', 'swarm', 'deep'] as const

/** Nothing but what takes room on lanes. */
const bare = { stages: false, markers: false, flows: false, counters: false, args: 'minimal' } as const

/** The slices of requests and of tool calls, those of one trajectory together, and on how many lanes they are. */
async function groupsOf(format: TimelineFormatName, lines: readonly string[]) {
  const trace = await openTrace(writeTimeline(timelineFormats[format], lines, bare).bytes)
  const groups = new Map<string, Slice[]>()
  for (const slice of trace.slices()) {
    if (slice.category !== 'dynamo.llm' && slice.category !== 'dynamo.agent.tool') continue
    const name = slice.track.replace(/ \d+$| \[lane \d+\]/, '')
    const key = `${name} ${slice.category}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [slice])
    else group.push(slice)
  }
  return [...groups].map(([name, slices]) => ({
    name,
    lanes: new Set(slices.map(({ trackId }) => trackId)).size,
    depth: greatestDepth(slices),
  }))
}

/** Counted at every end and start, ends first: what touches does not overlap. */
function greatestDepth(slices: readonly Slice[]): number {
  const steps = slices.flatMap(({ ts, dur }) => [
    { at: ts, step: dur === 0 ? 0 : 1 },
    { at: ts + BigInt(dur), step: dur === 0 ? 0 : -1 },
  ])
  steps.sort((a, b) => Number(a.at - b.at) || a.step - b.step)
  let depth = 0
  let greatest = 1
  for (const { step } of steps) greatest = Math.max(greatest, (depth += step))
  return greatest
}

describe.each(formats)('the lanes of %s', (format) => {
  it.each(shapes)('are as many as overlap at once in a made-up trace: %s', async (shape) => {
    const groups = await groupsOf(format, generated({ shape, rows: 6000, seed: 7 }).lines)
    expect(groups.length).toBeGreaterThan(20)
    expect(groups.filter(({ lanes, depth }) => lanes > depth)).toEqual([])
  }, 60_000)

  it.each([
    {
      name: 'before the others that the last request asked for',
      asked: ['silent', 'first', 'second'],
      calls: [
        toolCallLine({ session: 'a', from: 60, to: 70, id: 'first' }),
        toolCallLine({ session: 'a', from: 70, to: 80, id: 'second' }),
      ],
    },
    {
      name: 'after one that began earlier and never ended',
      asked: ['silent'],
      calls: [toolLine('tool_start', { session: 'a', eventTime: 10, tool: { tool_call_id: 'endless' } })],
    },
  ])('need no more room for a call that nobody reported $name', async ({ asked, calls }) => {
    const request = { finish_reason_metadata: askedFor(...asked.map((id) => [id, 'bash'] as const)) }
    const groups = await groupsOf(format, [requestLine({ session: 'a', at: 0, request }), ...calls])
    expect(groups.map(({ lanes }) => lanes)).toEqual([1, 1])
  })
})
