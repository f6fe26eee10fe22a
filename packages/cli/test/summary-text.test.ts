// SPDX-License-Identifier: Apache-2.0
import { readTraceRow, type TraceRecord } from '@dynamo-agent/core'
import { summarizeTrace } from '@dynamo-agent/trace-tools'
import { describe, expect, test } from 'vitest'
import { describeCache, describeTokens } from '../src/summary-text.ts'

/** A request of 100 input tokens. */
function request(id: string, cachedTokens?: number): TraceRecord {
  const line = readTraceRow({
    schema: 'dynamo.request.trace.v1',
    event_type: 'request_end',
    event_time_unix_ms: 2000,
    agent_context: { session_id: 'S' },
    request: {
      request_id: id,
      request_received_ms: 1000,
      total_time_ms: 1000,
      input_tokens: 100,
      output_tokens: 7,
      cached_tokens: cachedTokens,
    },
  })
  if (line.kind !== 'record') throw new Error('no record')
  return line.record
}

describe('a share of the KV cache is of the number that stands beside it', () => {
  test.each([
    {
      trace: 'in which every request tells what it reused',
      records: [request('a', 40), request('b', 40)],
      tokens: '200 tokens in (40 % from the KV cache), 14 out',
      cache: 'KV cache reused 40 % of 200 input tokens',
    },
    {
      trace: 'in which only some requests do',
      records: [request('a', 40), request('b')],
      tokens: '200 tokens in (40 % of 100 from the KV cache), 14 out',
      cache: 'KV cache reused 40 % of 100 input tokens',
    },
    { trace: 'in which none does', records: [request('a')], tokens: '100 tokens in, 7 out', cache: undefined },
  ])('$trace', ({ records, tokens, cache }) => {
    const summary = summarizeTrace(records)
    expect(describeTokens(summary)).toBe(tokens)
    expect(describeCache(summary)).toBe(cache)
  })
})
