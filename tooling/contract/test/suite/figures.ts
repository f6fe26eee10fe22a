// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { parseExactJson, parseTraceLine, stringifyExactJson } from '@dynamo-agent/core'
import { traceLineSchema } from '@dynamo-agent/core/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { exchange, exchangeCut } from '../../src/http.ts'
import { requestTo } from '../../src/observe/requests.ts'
import { isOf, LONG_TOKENS } from '../../src/observe/rows.ts'
import { readTrace, waitForRow, type Fields, type TraceLine } from '../../src/trace.ts'
import type { GetTarget } from './contract.ts'

interface Completion {
  readonly id: string
  readonly choices: readonly { readonly message: Fields }[]
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number }
  readonly nvext: { readonly worker_id: Fields; readonly timing: Fields }
}

interface Replay {
  readonly trace_block_size: number
  readonly input_length: number
  readonly input_sequence_hashes: readonly bigint[]
}

const sharedStart = (one: readonly bigint[], other: readonly bigint[]) => {
  const end = one.findIndex((hash, index) => hash !== other[index])
  return end === -1 ? one.length : end
}

/** What the rows of a conversation must add up to. */
export function describeFigures(getTarget: GetTarget): void {
  describe('a conversation of two turns', () => {
    const caller = randomUUID()
    const answers: Completion[] = []
    const lines: TraceLine[] = []
    const requests = () => lines.map(({ event }) => event.request as Record<string, number> & { replay: Replay })

    beforeAll(async () => {
      const target = getTarget()
      const messages: Fields[] = [{ role: 'user', content: 'block '.repeat(300) }]
      for (let turn = 0; turn < 2; turn++) {
        const body = { messages, max_tokens: 20, nvext: { extra_fields: ['worker_id', 'timing'] } }
        const { text } = await exchange(requestTo(target, { caller, body }))
        const answer = parseExactJson(text) as Completion
        answers.push(answer)
        messages.push(answer.choices[0]?.message ?? {}, { role: 'user', content: 'go on' })
        const isItsRow = ({ event }: TraceLine) => answer.id.endsWith(String(event.request?.request_id))
        lines.push(await waitForRow(target, isItsRow))
      }
    })

    test('leaves rows that the strict schema takes and the parser reads', () => {
      for (const line of lines) {
        expect(traceLineSchema.safeParse(line).error).toBeUndefined()
        expect(parseTraceLine(stringifyExactJson(line))).toMatchObject({
          kind: 'record',
          record: { type: 'request_end' },
        })
      }
    })

    test('ends each request when its time is over, and no row runs ahead', () => {
      for (const [index, request] of requests().entries()) {
        const end = lines[index]?.event.event_time_unix_ms
        expect(end).toBe(request.request_received_ms! + Math.round(request.total_time_ms!))
      }
      const [first, second] = requests()
      expect(second!.request_received_ms).toBeGreaterThanOrEqual(lines[0]!.event.event_time_unix_ms - 1)
      expect(first!.request_received_ms).toBeLessThanOrEqual(Date.now())
    })

    test('takes its times in order: wait, prefill, first token, end', () => {
      for (const request of requests()) {
        expect(request.prefill_wait_time_ms).toBeGreaterThanOrEqual(0)
        expect(request.prefill_time_ms).toBeGreaterThanOrEqual(0)
        expect(request.ttft_ms).toBeCloseTo(request.prefill_wait_time_ms! + request.prefill_time_ms!, 3)
        expect(request.total_time_ms).toBeGreaterThanOrEqual(request.ttft_ms!)
        const perToken = (request.total_time_ms! - request.ttft_ms!) / (request.output_tokens! - 1)
        expect(request.avg_itl_ms).toBeCloseTo(perToken, 3)
      }
    })

    test('has a hash for each block of its input, the partial last one too', () => {
      for (const { input_tokens: inputTokens, replay } of requests()) {
        expect(replay.input_length).toBe(inputTokens)
        expect(replay.input_sequence_hashes).toHaveLength(Math.ceil(inputTokens! / replay.trace_block_size))
      }
    })

    test('finds whole blocks in the cache, never more than the input, and only what was sent before', () => {
      const [first, second] = requests()
      const hashes = (request = first!) => request.replay.input_sequence_hashes
      expect(first?.cached_tokens).toBe(0)
      expect(second?.cached_tokens).toBeGreaterThan(0)
      for (const { cached_tokens: cached, input_tokens: inputTokens, kv_hit_rate: hitRate, replay } of requests()) {
        expect(cached! % replay.trace_block_size).toBe(0)
        expect(cached).toBeLessThanOrEqual(inputTokens!)
        expect(hitRate).toBeCloseTo(cached! / replay.trace_block_size / replay.input_sequence_hashes.length, 6)
      }
      expect(second!.cached_tokens! / second!.replay.trace_block_size).toBeLessThanOrEqual(
        // The answer lies between the two inputs, and the worker has its blocks too.
        sharedStart(hashes(first), hashes(second)) + Math.ceil(first!.output_tokens! / first!.replay.trace_block_size),
      )
    })

    test('tells the same figures in its answers and in its rows', () => {
      for (const [index, request] of requests().entries()) {
        const { usage, nvext } = answers[index]!
        expect(request.input_tokens).toBe(usage.prompt_tokens)
        expect(request.output_tokens).toBe(usage.completion_tokens)
        expect(request.worker).toEqual(nvext.worker_id)
        expect(request.request_received_ms).toBe(nvext.timing.request_received_ms)
        expect(request.kv_hit_rate).toBe(nvext.timing.kv_hit_rate)
        expect(request.queue_depth).toBe(nvext.timing.router_queue_depth)
        expect(request.ttft_ms).toBe(nvext.timing.ttft_ms)
      }
    })

    test('names workers by numbers that a double cannot hold', () => {
      for (const { nvext } of answers) expect(typeof nvext.worker_id.decode_worker_id).toBe('bigint')
    })
  })

  test('the clock of the file never runs back', () => {
    const stamps = readTrace(getTarget()).map(({ timestamp }) => timestamp)
    expect(stamps.length).toBeGreaterThan(50)
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
  })

  test('a stream that the client cuts is given up: its row counts what was generated, and says no reason', async () => {
    const target = getTarget()
    const caller = randomUUID()
    const body = { ...target.longAnswer(LONG_TOKENS), stream: true }
    await exchangeCut(requestTo(target, { caller, body }))
    const { request } = (await waitForRow(target, isOf(caller))).event
    expect(request?.output_tokens).toBeGreaterThan(0)
    expect(request?.output_tokens).toBeLessThan(LONG_TOKENS)
    expect(request).not.toHaveProperty('finish_reason_metadata')
  })
}
