// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openTrace } from '@dynamo-agent/trace-processor'
import { convert } from '../support/convert-lines.ts'
import { askedFor, requestLine, toolLine } from '../support/trace-lines.ts'

/** The first whole hour after T0. */
const HOUR = 2_800_000

describe('a timeline in parts', () => {
  it('keeps the arrows of a call that came as inferred in another part', async () => {
    const asks = { finish_reason_metadata: askedFor(['call-1', 'task']) }
    const { parts } = await convert(
      {
        'trace.jsonl': [
          requestLine({ session: 'a', at: HOUR - 5000, total: 4900, request: asks }),
          toolLine('tool_start', { session: 'a', eventTime: HOUR + 100, tool: { tool_class: 'task' } }),
          requestLine({ session: 'a.child', parent: 'a', at: HOUR + 2000, total: 3000 }),
          requestLine({ session: 'a', at: HOUR + 59_000, total: 1000 }),
        ],
      },
      { splitBy: 'hour' },
    )
    expect(parts).toHaveLength(2)
    using trace = await openTrace(readFileSync(parts[1]?.path ?? ''))
    expect(trace.flows().map(({ from, to }) => [from.name, to.args.trajectory_id])).toEqual([['Tool start: task', 'a.child']])
  })

  it('draws no arrow twice of a call that comes as inferred and as unended in one part', async () => {
    const asks = { finish_reason_metadata: askedFor(['call-1', 'task']) }
    const lines = [
      requestLine({ session: 'a', at: 0, total: 100, request: asks }),
      requestLine({ session: 'a.early', parent: 'a', at: 150, total: 20 }),
      toolLine('tool_start', { session: 'a', eventTime: 200, tool: { tool_class: 'task' } }),
      requestLine({ session: 'a.late', parent: 'a', at: 250, total: 20 }),
      requestLine({ session: 'a', at: 400 }),
    ]
    const flowsOf = async (path: string | undefined) => {
      using trace = await openTrace(readFileSync(path ?? ''))
      return trace.flows().map(({ from, to }) => [from.name, to.args.trajectory_id])
    }
    const { output } = await convert({ 'trace.jsonl': lines })
    const { parts } = await convert({ 'trace.jsonl': lines }, { splitBy: 'hour' })
    const flows = await flowsOf(parts[0]?.path)
    expect(flows).toEqual([
      ['Tool: task', 'a.early'],
      ['Tool: task', 'a.late'],
    ])
    expect(flows).toEqual(await flowsOf(output))
  })

  it('has parts of about the size that is asked for, however large its rows are', async () => {
    const lines = Array.from({ length: 40 }, (_, index) =>
      requestLine({ session: 'a', at: index * 100, request: { x_request_id: 'x'.repeat(100_000) } }),
    )
    const { parts } = await convert({ 'trace.jsonl': lines }, { splitBy: { bytes: 1_000_000 } })
    expect(parts).toHaveLength(4)
    for (const { bytes } of parts) expect(bytes).toBeLessThan(1_200_000)
  })
})
