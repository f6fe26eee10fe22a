// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { readNvext } from '../src/index.ts'
import { readHttpBody, releases } from './support.ts'

const worker = { prefill_worker_id: 'P', prefill_dp_rank: 0, decode_worker_id: 'D', decode_dp_rank: 1 }
const body = (nvext: unknown) =>
  JSON.stringify({ id: 'chatcmpl-1', nvext }).replace('"P"', '18446744073709551615').replace('"D"', '9007199254740993')
const exact = {
  prefillWorkerId: 18446744073709551615n,
  prefillDpRank: 0,
  decodeWorkerId: 9007199254740993n,
  decodeDpRank: 1,
}

describe('a body', () => {
  test.each(releases)('of %s', (release) => {
    const text = readHttpBody(release, 'chat.json')
    const figure = (key: string) => Number(new RegExp(`"${key}":([\\d.]+)`).exec(text)?.[1])
    const id = BigInt(/"decode_worker_id":(\d+)/.exec(text)?.[1] ?? '')
    expect(readNvext(text)).toStrictEqual({
      workerId: { prefillWorkerId: id, prefillDpRank: 0, decodeWorkerId: id, decodeDpRank: 0 },
      timing: {
        receivedMs: figure('request_received_ms'),
        prefillWaitMs: figure('prefill_wait_time_ms'),
        prefillMs: figure('prefill_time_ms'),
        ttftMs: figure('ttft_ms'),
        totalMs: figure('total_time_ms'),
        kvHitRate: figure('kv_hit_rate'),
        queueDepth: figure('router_queue_depth'),
      },
    })
  })

  test('has exact worker ids', () => {
    expect(readNvext(body({ worker_id: worker }))).toStrictEqual({ workerId: exact })
  })

  test('has the estimate of the KV transfer where there is one', () => {
    expect(readNvext(body({ timing: { kv_transfer_estimated_latency_ms: 0.5 } }))).toStrictEqual({
      timing: { kvTransferEstimatedLatencyMs: 0.5 },
    })
  })

  test('that is pretty-printed', () => {
    expect(readNvext(`\n${body({ worker_id: worker }).replaceAll(':', ' :\n')}\n`)).toStrictEqual({ workerId: exact })
  })

  test.each([
    ['without nvext', '{"id":"x"}', undefined],
    ['with nvext as text only', '{"id":"\\"nvext\\""}', undefined],
    ['with an empty one', body({}), {}],
    ['with null', body(null), undefined],
    ['with a list', body([]), undefined],
    ['with null inside', body({ worker_id: null, timing: null }), {}],
    [
      'with figures of wrong types',
      body({
        worker_id: { decode_worker_id: 'x', prefill_worker_id: -1, decode_dp_rank: '0' },
        timing: { ttft_ms: null },
      }),
      { workerId: {}, timing: {} },
    ],
    ['with an id beyond u64', '{"nvext":{"worker_id":{"decode_worker_id":18446744073709551616}}}', { workerId: {} }],
    ['with one that is not its own', '{"a":{"nvext":{"timing":{"ttft_ms":1}}}}', undefined],
    ['with one before other fields', '{"nvext":{"timing":{"ttft_ms":1}},"id":"nvext"}', { timing: { ttftMs: 1 } }],
    ['with one as text behind it', '{"nvext":{"timing":{"ttft_ms":1}},"id":["nvext",{}]}', { timing: { ttftMs: 1 } }],
    ['torn', body({ worker_id: worker }).slice(0, -2), undefined],
    ['of nothing', '', undefined],
  ])('%s', (_, text, nvext) => {
    expect(readNvext(text)).toStrictEqual(nvext)
  })
})

describe('a stream', () => {
  const chunk = (nvext?: unknown) => `data: ${body(nvext)}`
  const timing = { timing: { ttft_ms: 3.5 } }

  test.each([
    ['a chunk with content', chunk({ worker_id: worker }), { workerId: exact }],
    [
      'the chunk with finish_reason',
      chunk({ worker_id: worker, ...timing }),
      { workerId: exact, timing: { ttftMs: 3.5 } },
    ],
    ['a usage chunk', chunk(), undefined],
    ['the end', 'data: [DONE]', undefined],
    ['a comment', ': keep "nvext" alive', undefined],
    ['another field', 'event: "nvext"', undefined],
    ['no blank after the colon', chunk({ worker_id: worker }).replace('data: ', 'data:'), { workerId: exact }],
    ['a blank line after', `${chunk({ worker_id: worker })}\n\n`, { workerId: exact }],
  ])('line: %s', (_, line, nvext) => {
    expect(readNvext(line)).toStrictEqual(nvext)
  })

  test.each(['\n', '\r\n', '\r'])('of several events, merged (%j)', (end) => {
    const lines = [chunk({ worker_id: worker }), '', ': comment', chunk(timing), '', 'data: [DONE]', '']
    expect(readNvext(lines.join(end))).toStrictEqual({ workerId: exact, timing: { ttftMs: 3.5 } })
  })

  test.each(releases)('of %s as a whole', (release) => {
    const stream = readHttpBody(release, 'chat-stream.sse')
    const nvext = readNvext(stream)
    expect(nvext?.workerId?.decodeWorkerId).toBe(BigInt(/"decode_worker_id":(\d+)/.exec(stream)?.[1] ?? ''))
    expect(nvext?.timing?.ttftMs).toBeCloseTo(
      (nvext?.timing?.prefillWaitMs ?? NaN) + (nvext?.timing?.prefillMs ?? NaN),
      6,
    )
  })

  test.each(releases)('of %s has worker_id in every chunk with content, timing only with finish_reason', (release) => {
    const lines = readHttpBody(release, 'chat-stream.sse')
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
    for (const line of lines) {
      const { choices } = JSON.parse(line.slice('data: '.length)) as { choices: { finish_reason: string | null }[] }
      const isLast = choices.some((choice) => choice.finish_reason !== null)
      const nvext = readNvext(line)
      expect(nvext?.workerId !== undefined).toBe(choices.length > 0)
      expect(nvext?.timing !== undefined).toBe(isLast)
    }
  })
})

describe('a body that is parsed already', () => {
  test('keeps ids that are still exact', () => {
    const nvext = { worker_id: { decode_worker_id: 7, prefill_worker_id: 18446744073709551615n } }
    expect(readNvext({ nvext })).toStrictEqual({
      workerId: { decodeWorkerId: 7n, prefillWorkerId: 18446744073709551615n },
    })
  })

  test('loses an id that JSON.parse has rounded, rather than give a wrong one', () => {
    expect(readNvext(JSON.parse(body({ worker_id: worker })))).toStrictEqual({
      workerId: { prefillDpRank: 0, decodeDpRank: 1 },
    })
  })

  test.each([[undefined], [null], [7], [[]], [{}]])('that is none (%#)', (value) => {
    expect(readNvext(value)).toBeUndefined()
  })
})
