// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RequestMetrics } from '@dynamo-agent/core'
import { buildTraceModel, type Request } from '../../src/index.ts'
import { request } from '../support/records.ts'

function build(metrics: Partial<RequestMetrics>, total = 100): Request {
  const [session] = buildTraceModel([request({ trajectory: 'a', start: 1000, total, metrics })]).sessions
  return session!.trajectories[0]!.requests[0]!
}

const stagesOf = ({ stages }: Request) => stages.map(({ name, startMs, endMs }) => [name, startMs - 1000, endMs - 1000])

describe('stages of a request of 100 ms', () => {
  it.each<[string, Partial<RequestMetrics>, unknown[]]>([
    [
      'wait, prefill and decode follow on each other',
      { prefillWaitMs: 10, prefillMs: 20, ttftMs: 30 },
      [['prefill wait', 0, 10], ['prefill', 10, 30], ['decode', 30, 100]],
    ],
    [
      'wait and prefill end at the first token',
      { prefillWaitMs: 10, prefillMs: 50, ttftMs: 30 },
      [['prefill wait', 0, 10], ['prefill', 10, 30], ['decode', 30, 100]],
    ],
    [
      'a wait beyond the first token leaves no prefill',
      { prefillWaitMs: 40, prefillMs: 5, ttftMs: 30 },
      [['prefill wait', 0, 30], ['decode', 30, 100]],
    ],
    [
      'a first token after the end leaves no decode',
      { prefillWaitMs: 60, prefillMs: 90, ttftMs: 150 },
      [['prefill wait', 0, 60], ['prefill', 60, 100]],
    ],
    [
      'without a first token nothing is decode',
      { prefillWaitMs: 10, prefillMs: 20 },
      [['prefill wait', 0, 10], ['prefill', 10, 30]],
    ],
    ['a first token alone tells decode', { ttftMs: 30 }, [['decode', 30, 100]]],
    ['stages without length are left out', { prefillWaitMs: 0, prefillMs: 0, ttftMs: 0 }, [['decode', 0, 100]]],
    [
      'negative times are none',
      { prefillWaitMs: -5, prefillMs: 20, ttftMs: 30 },
      [['prefill', 0, 20], ['decode', 30, 100]],
    ],
    ['no figures, no stages', {}, []],
  ])('%s', (_name, metrics, expected) => {
    expect(stagesOf(build(metrics))).toEqual(expected)
  })

  it.each([
    [30, 1030],
    [0, 1000],
    [100, 1100],
    [101, undefined],
    [-1, undefined],
  ])('marks a first token after %d ms at %s', (ttftMs, expected) => {
    expect(build({ ttftMs }).firstTokenMs).toBe(expected)
  })
})

describe('the time of a request', () => {
  it('is from its receipt for its total time', () => {
    expect(build({}, 74.5)).toMatchObject({ startMs: 1000, endMs: 1074.5 })
  })

  it('ends at the event where the total is negative', () => {
    expect(build({ totalMs: -1 }, 80)).toMatchObject({ startMs: 1000, endMs: 1080 })
  })

  it.each<[string, (keyof RequestMetrics)[], [number, number]]>([
    ['ends at the event where there is no total', ['totalMs'], [1000, 1050]],
    ['starts at the event where there is no receipt', ['receivedMs'], [1050, 1100]],
    ['is that of the event where there is neither', ['receivedMs', 'totalMs'], [1050, 1050]],
  ])('%s', (_name, missing, [startMs, endMs]) => {
    const record = request({ trajectory: 'a', start: 1000, total: 50 })
    const metrics = Object.fromEntries(
      Object.entries(record.request).filter(([key]) => !missing.includes(key as keyof RequestMetrics)),
    ) as unknown as RequestMetrics
    const [session] = buildTraceModel([{ ...record, request: metrics }]).sessions
    expect(session).toMatchObject({ startMs, endMs })
  })
})
