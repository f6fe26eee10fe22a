// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine } from '@dynamo-agent/core'
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { judge, openTrace, type OpenTrace } from '@dynamo-agent/trace-processor'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildTraceModel } from '../../src/model/build-model.ts'
import { writeChromeJson } from '../../src/write/chrome-json/write-chrome-json.ts'
import { writePerfetto } from '../../src/write/perfetto/write-perfetto.ts'

const captures = [
  'dynamo-1.2.1-agent-run.jsonl',
  'dynamo-1.3.1-agent-run.jsonl',
  'dynamo-1.4.2-agent-run.jsonl',
  'dynamo-1.5.1-tool-calls.jsonl',
  'dynamo-1.6.1-agent-run.jsonl',
  'dynamo-1.6.1-tool-calls-no-events.jsonl',
  'dynamo-1.6.1-killed-truncated.jsonl.gz',
]

describe.each(captures)('%s', (name) => {
  it('is drawn without fault and alike in both formats, each edge as an arrow', async () => {
    const records = readLines(join(fixtureFolder, name)).flatMap((line) => {
      const parsed = parseTraceLine(line)
      return parsed.kind === 'record' ? [parsed.record] : []
    })
    const model = buildTraceModel(records)
    const native = await openTrace(Buffer.concat([...writePerfetto(model)]))
    const json = await openTrace(Buffer.from([...writeChromeJson(model)].join('')))

    expect(judge(native)).toEqual([])
    expect(judge(json)).toEqual([])
    expect(names(json)).toEqual(names(native))
    expect(farthestApart(native, json)).toBeLessThanOrEqual(1000n)
    expect(native.flows()).toHaveLength(model.edges.length)
    expect(json.flows()).toHaveLength(model.edges.length)
    expect(native.slices({ category: 'dynamo.llm' })).toHaveLength(
      records.filter(({ type }) => type === 'request_end').length,
    )
  })
})

function names(trace: OpenTrace): (string | null)[] {
  return trace
    .slices()
    .map(({ name }) => name)
    .sort()
}

/** The greatest distance in nanoseconds between the starts of slices with the same name. */
function farthestApart(one: OpenTrace, other: OpenTrace): bigint {
  const starts = (trace: OpenTrace) =>
    trace.slices().sort((a, b) => (a.name ?? '').localeCompare(b.name ?? '') || Number(a.ts - b.ts))
  const others = starts(other)
  return starts(one).reduce((farthest, { ts }, index) => {
    const apart = ts - (others[index]?.ts ?? 0n)
    const distance = apart < 0n ? -apart : apart
    return distance > farthest ? distance : farthest
  }, 0n)
}
