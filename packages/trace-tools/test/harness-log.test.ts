// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTrace } from '@dynamo-agent/trace-processor'
import type { ConvertTraceOptions } from '../src/index.ts'
import { convert, type Files } from './support/convert-lines.ts'
import { harnessLine, harnessLines, turnLine } from './support/harness-lines.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { requestLine, T0, toolCallLine } from './support/trace-lines.ts'

const dynamoLines = [
  requestLine({ session: 'run', at: 0, total: 80 }),
  requestLine({ session: 'run.child', parent: 'run', at: 20, total: 60 }),
  toolCallLine({ session: 'run', from: 80, to: 95 }),
  requestLine({ session: 'run', at: 300, total: 90 }),
]
const otherLines = [
  requestLine({ session: 'other', at: 10_000, total: 100 }),
  turnLine({ run: 'other', index: 0, from: 10_000, to: 10_120, tokens: 700, costUsd: 1 }),
  harnessLine('request_error', {
    at: 10_050,
    run: 'other',
    error: { provider: 'backup', model: 'm', status: 500, attempt: 1, willRetry: true },
  }),
]

const files: Files = { 'trace.jsonl': dynamoLines, 'harness.jsonl': harnessLines, 'other.jsonl': otherLines }

describe('a harness log beside a trace', () => {
  it('is summed up: turns, compactions, retries, errors by provider and status, cost', async () => {
    const { summary, census } = await convert(files)
    expect(summary).toMatchObject({
      sessions: 2,
      trajectories: 3,
      requests: 4,
      harness: {
        turns: { total: 5, errors: 1, cancelled: 0 },
        compactions: 1,
        checkpoints: 1,
        retries: 3,
        requestErrors: [
          { provider: 'dynamo', status: 429, count: 2 },
          { provider: 'backup', status: 500, count: 1 },
          { provider: 'dynamo', count: 1 },
        ],
        userWaitMs: 100,
      },
    })
    expect(summary.harness?.costUsd).toBeCloseTo(1.016)
    expect(census).toMatchObject({ rows: { read: 20, used: 20 }, harness: { turn_end: 5, request_error: 4 } })
  })

  it('leaves the summary of everything else as it is', async () => {
    const { 'trace.jsonl': lines = [] } = files
    const { harness, ...withLog } = (await convert({ 'trace.jsonl': lines, 'harness.jsonl': harnessLines })).summary
    const { summary } = await convert({ 'trace.jsonl': lines })
    expect(summary).toEqual(withLog)
    expect(harness).toBeDefined()
    expect(summary).not.toHaveProperty('harness')
  })

  it('may stand in the same file', async () => {
    const separate = await convert({ 'a.jsonl': dynamoLines, 'b.jsonl': harnessLines })
    const mixed = await convert({ 'mixed.jsonl': [...harnessLines, ...dynamoLines] })
    expect(mixed.summary).toEqual(separate.summary)
  })

  it('counts a row once that comes twice', async () => {
    const { summary, duplicateRows } = await convert({ 'a.jsonl': harnessLines, 'b.jsonl': harnessLines })
    expect(duplicateRows).toBe(harnessLines.length)
    expect(summary.harness?.turns.total).toBe(4)
  })

  it('is chosen with its session, its trajectory and its time', async () => {
    const turnsOf = async (options: Partial<ConvertTraceOptions>) => {
      const { summary } = await convert(files, options)
      return [summary.harness?.turns.total, summary.requests]
    }
    expect(await turnsOf({ sessions: ['run'] })).toEqual([4, 3])
    expect(await turnsOf({ sessions: ['other'] })).toEqual([1, 1])
    expect(await turnsOf({ maxSessions: 1 })).toEqual([4, 3])
    expect(await turnsOf({ trajectories: ['run.child'] })).toEqual([1, 1])
    expect(await turnsOf({ since: { epochMs: T0 + 100 }, until: { epochMs: T0 + 400 } })).toEqual([2, 1])
    expect(await turnsOf({ since: { afterFirstMs: 5000 } })).toEqual([1, 1])
  })

  it('goes where the timeline of its session goes', async () => {
    const { parts } = await convert(files, { splitBy: 'session', output: join(temporaryFolder(), 'out.pftrace') })
    const turns = await Promise.all(
      parts.map(async ({ path }) => {
        using trace = await openTrace(readFileSync(path))
        return [/out\.(.*)\.pftrace/.exec(path)?.[1], trace.slices().filter(({ name }) => name?.startsWith('turn')).length]
      }),
    )
    expect(turns.toSorted()).toEqual([
      ['other', 1],
      ['run', 4],
    ])
  })
})

describe('a harness log alone', () => {
  it.each(['perfetto', 'chrome-json'] as const)('is a timeline (%s)', async (format) => {
    const { output, summary } = await convert({ 'harness.jsonl': harnessLines }, { format })
    using trace = await openTrace(readFileSync(output))
    expect(trace.slices().filter(({ name }) => name?.startsWith('turn'))).toHaveLength(4)
    expect(summary).toMatchObject({ sessions: 1, sessionIds: ['run'], trajectories: 2, requests: 0 })
    expect(summary.wallTime.totalMs).toBe(460)
  })

  it.each(['session', 'hour', { bytes: 100 }] as const)('may be split by %j', async (splitBy) => {
    const { parts } = await convert({ 'harness.jsonl': harnessLines }, { splitBy })
    expect(parts.length).toBeGreaterThan(0)
    for (const { path, bytes } of parts) expect(readFileSync(path).length).toBe(bytes)
  })
})
