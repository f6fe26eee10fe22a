// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { fixtureFolder, readLines } from '@dynamo-agent/fixtures'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { summarizeTrace } from '../../src/analyze/summarize.ts'
import { buildTraceModel } from '../../src/model/build-model.ts'
import type { Interval, TraceModel } from '../../src/model/trace-model.ts'
import { request, toolCall, toolError, toolStart } from '../support/records.ts'
import { seededRandom } from '../write/seeded-random.ts'

/** What a summary must say, read off a model that is in memory as a whole. */
function expectedSummary({ sessions }: TraceModel) {
  const named = sessions.filter(({ id }) => id !== undefined)
  const trajectories = sessions.flatMap((session) => session.trajectories)
  const requests = trajectories.flatMap((trajectory) => trajectory.requests)
  const toolCalls = trajectories.flatMap((trajectory) => trajectory.toolCalls)
  const sum = (of: 'inputTokens' | 'outputTokens' | 'cachedTokens') =>
    requests.reduce((total, { record }) => total + (record.request[of] ?? 0), 0)
  const strangers = sessions.filter(({ id }) => id === undefined).flatMap((session) => session.trajectories)
  return {
    counts: {
      sessions: named.length,
      sessionIds: named.map(({ id }) => id),
      trajectories: trajectories.length - strangers.length,
      requests: requests.length,
      unattributedRequests: strangers.flatMap((trajectory) => trajectory.requests).length,
      toolCalls: {
        total: toolCalls.length,
        errors: toolCalls.filter(({ failed, call }) => isError(failed, call.status)).length,
        cancelled: toolCalls.filter(({ call }) => call.status === 'cancelled').length,
        inferred: toolCalls.filter(({ asked }) => asked !== undefined).length,
        unended: toolCalls.filter(({ timing }) => timing === 'unended').length,
      },
      tokens: { input: sum('inputTokens'), output: sum('outputTokens'), cached: sum('cachedTokens') },
    },
    wallTime: divide([
      ...['decode', 'prefill', 'prefill wait'].map((name) =>
        requests.flatMap(({ stages }) => stages.filter((stage) => stage.name === name)),
      ),
      requests,
      toolCalls.filter(({ timing }) => timing !== 'unended'),
      [...named, ...strangers.flatMap((trajectory) => [...trajectory.requests, ...trajectory.toolCalls])],
    ]),
  }
}

function isError(failed: boolean, status: string | undefined): boolean {
  return status !== 'cancelled' && (failed || status === 'error')
}

/** What each layer covers that those before it do not. */
function divide(layers: readonly (readonly Interval[])[]): number[] {
  let before = 0
  return layers.map((_, index) => {
    const covered = cover(layers.slice(0, index + 1).flat())
    const own = covered - before
    before = covered
    return own
  })
}

function cover(intervals: readonly Interval[]): number {
  let total = 0
  let until = -Infinity
  for (const { startMs, endMs } of intervals.toSorted((a, b) => a.startMs - b.startMs)) {
    total += Math.max(0, endMs - Math.max(startMs, until))
    until = Math.max(until, endMs)
  }
  return total
}

function expectAgreement(records: readonly TraceRecord[]): void {
  const expected = expectedSummary(buildTraceModel(records))
  const summary = summarizeTrace(records)
  expect(summary).toMatchObject(expected.counts)
  // Sums of fractions differ in their last digits with the order of adding.
  for (const [index, { ms }] of summary.wallTime.parts.entries()) {
    expect(ms).toBeCloseTo(expected.wallTime[index] ?? 0, 2)
  }
}

/** Trajectories that overlap, some of them children, with every kind of row. */
function randomTrace(seed: number): TraceRecord[] {
  const random = seededRandom(seed)
  const integer = (below: number) => Math.floor(random() * below)
  return Array.from({ length: 60 }, (_, index): TraceRecord => {
    const number = integer(6)
    const place = number === 0 ? {} : { trajectory: `t${number}`, ...(number > 3 && { parent: `t${number - 3}` }) }
    const start = integer(2000)
    const id = `call${integer(12)}`
    switch (integer(6)) {
      case 0:
        return toolStart({ ...place, id, at: start })
      case 1:
        return toolError({ ...place, id: `${id}e`, at: start, durationMs: integer(90), status: 'cancelled' })
      case 2:
        return toolCall({ ...place, id: `${id}c`, from: start, to: start + integer(200) })
      default: {
        const total = integer(300)
        const metrics = { prefillWaitMs: integer(40), prefillMs: integer(40), inputTokens: integer(900) }
        const told = { ttftMs: integer(total + 1), outputTokens: 5, cachedTokens: integer(90) }
        const asks = number > 0 && integer(3) === 0 ? [`asked${index}`] : []
        const all = integer(4) > 0 ? { ...metrics, ...told } : metrics
        return request({ ...place, id: `r${index}`, start, total, asks, metrics: all })
      }
    }
  })
}

describe('a summary says what the model of the whole trace does', () => {
  it.each([
    'dynamo-1.2.1-agent-run.jsonl',
    'dynamo-1.3.1-agent-run.jsonl',
    'dynamo-1.6.1-agent-run.jsonl',
    'dynamo-1.6.1-tool-calls-no-events.jsonl',
  ])('of %s', (name) => {
    expectAgreement(
      readLines(join(fixtureFolder, name)).flatMap((line) => {
        const parsed = parseTraceLine(line)
        return parsed.kind === 'record' ? [parsed.record] : []
      }),
    )
  })

  it('of random traces, in whatever order their rows are', () => {
    for (let seed = 1; seed <= 60; seed++) expectAgreement(randomTrace(seed))
  })
})
