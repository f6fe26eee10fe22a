// SPDX-License-Identifier: Apache-2.0
import { basename, relative } from 'node:path'
import { fixtureFolder, readLines, traceFiles } from '@dynamo-agent/fixtures'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  decodeHashes,
  parseExactJson,
  parseTraceLine,
  readTraceRow,
  type ParsedLine,
  type RequestRecord,
} from '../../src/index.ts'
import { traceLineSchema } from '../../src/trace/schemas.ts'

const torn = 'dynamo-1.6.1-killed-truncated.jsonl.gz'
const nameOf = (path: string) => relative(fixtureFolder, path)
const files = traceFiles.map((path) => [nameOf(path), readLines(path)] as const)

/** What a line is, in one word. */
function kindOf(parsed: ParsedLine): string {
  switch (parsed.kind) {
    case 'record':
    case 'harness':
      return parsed.record.type
    case 'payload':
      return 'request_payload'
    case 'skipped':
      return parsed.reason
  }
}

function census(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const kind = kindOf(parseTraceLine(line))
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const agentRun = { request_end: 27, tool_start: 27, tool_end: 24, tool_error: 3 }
const toolCalls = { request_end: 13, tool_start: 12, tool_end: 11, tool_error: 1 }

/** As the README of the fixtures has it. */
const rows: Readonly<Record<string, Record<string, number>>> = {
  'dynamo-1.2.1-agent-run.jsonl': { ...agentRun, request_end: 26 },
  'dynamo-1.3.1-agent-run.jsonl': agentRun,
  'dynamo-1.4.2-agent-run.jsonl': agentRun,
  'dynamo-1.5.1-agent-run.jsonl': agentRun,
  'dynamo-1.6.1-agent-run.jsonl': agentRun,
  'dynamo-1.6.1-agent-run-payload.jsonl': { ...agentRun, request_payload: 27 },
  [torn]: { ...agentRun, tool_end: 565, 'not-json': 1 },
  'dynamo-1.3.1-tool-calls.jsonl': toolCalls,
  'dynamo-1.4.2-tool-calls.jsonl': toolCalls,
  'dynamo-1.5.1-tool-calls.jsonl': toolCalls,
  'dynamo-1.6.1-tool-calls.jsonl': toolCalls,
  'dynamo-1.6.1-tool-calls-no-events.jsonl': { request_end: 13 },
}

describe('every captured line is read', () => {
  test.each(Object.entries(rows))('%s', (name, expected) => {
    const [, lines = []] = files.find(([file]) => file === name) ?? []
    expect(census(lines)).toEqual(expected)
  })

  test('the rolled segments', () => {
    const segments = files.filter(([name]) => name.includes('rolled'))
    expect(segments.map(([name, lines]) => [basename(name), lines.length])).toEqual([
      ['trace.000000.jsonl.gz', 20],
      ['trace.000001.jsonl.gz', 20],
      ['trace.000002.jsonl.gz', 20],
      ['trace.000003.jsonl.gz', 20],
      ['trace.000004.jsonl.gz', 1],
    ])
    expect(census(segments.flatMap(([, lines]) => lines))).toEqual(agentRun)
  })

  test('and there is no file beside these', () => {
    const others = files.map(([name]) => name).filter((name) => !name.includes('rolled'))
    expect(others.toSorted()).toEqual(Object.keys(rows).toSorted())
  })
})

describe.each(files)('%s', (name, allLines) => {
  const lines = name === torn ? allLines.slice(0, -1) : allLines
  const records = lines.map((line) => ({ line, parsed: parseTraceLine(line) }))
  const requests = records.flatMap(({ line, parsed }) =>
    parsed.kind === 'record' && parsed.record.type === 'request_end' ? [{ line, record: parsed.record }] : [],
  )

  test('the strict schema accepts what the loose parser reads, and both read the same', () => {
    for (const { line, parsed } of records) {
      const valid = traceLineSchema.safeParse(parseExactJson(line))
      expect(valid.error && z.prettifyError(valid.error), line.slice(0, 400)).toBeUndefined()
      expect(readTraceRow(valid.data)).toEqual(parsed)
    }
  })

  test('a row without envelope is the same record', () => {
    for (const { line, parsed } of records) {
      const bare = line.replace(/^\{"timestamp":\d+,"event":/, '').slice(0, -1)
      expect(parseTraceLine(bare)).toEqual(parsed)
    }
  })

  test('worker ids and hashes are exact, digit by digit', () => {
    for (const { line, record } of requests) {
      const digits = (key: string) => new RegExp(`"${key}":(\\d+)`).exec(line)?.[1]
      expect(record.request.worker?.prefillWorkerId?.toString()).toBe(digits('prefill_worker_id'))
      expect(record.request.worker?.decodeWorkerId?.toString()).toBe(digits('decode_worker_id'))
      const hashes = /"input_sequence_hashes":\[([\d,]*)\]/.exec(line)?.[1]
      expect(record.request.replay && decodeHashes(record.request.replay).join(',')).toBe(hashes)
    }
  })
})

/** What a reader may rely on, because every captured release obeys it. */
describe('the arithmetic of a trace', () => {
  const requests = files.flatMap(([, lines]) =>
    lines.flatMap((line): RequestRecord[] => {
      const parsed = parseTraceLine(line)
      return parsed.kind === 'record' && parsed.record.type === 'request_end' ? [parsed.record] : []
    }),
  )
  const metrics = requests.map((record) => record.request)
  // Rows of 1.3 and 1.4 without context have next to no figures.
  const measured = metrics.flatMap((request) => {
    const { prefillWaitMs, prefillMs, ttftMs, totalMs, inputTokens, cachedTokens, replay } = request
    const known = [prefillWaitMs, prefillMs, ttftMs, totalMs, inputTokens, cachedTokens].every(
      (value) => value !== undefined,
    )
    return known && replay !== undefined ? [{ ...(request as Required<typeof request>) }] : []
  })

  test('is checked on hundreds of requests', () => {
    expect(requests.length).toBeGreaterThan(200)
    expect(measured.length).toBeGreaterThan(requests.length * 0.9)
  })

  test('there is one hash for each block of the input, the partial last one too', () => {
    for (const { replay } of metrics) {
      if (replay === undefined) throw new Error('a captured request has no replay data')
      expect(decodeHashes(replay)).toHaveLength(Math.ceil(replay.inputTokens / replay.blockSize))
    }
  })

  test('most ids and hashes exceed what a double holds', () => {
    const ids = metrics.flatMap(({ worker, replay }) => [
      worker?.decodeWorkerId ?? 0n,
      ...(replay ? decodeHashes(replay) : []),
    ])
    const large = ids.filter((id) => id > BigInt(Number.MAX_SAFE_INTEGER))
    expect(large.length / ids.length).toBeGreaterThan(0.9)
  })

  test('the input of the figures is the input of the hashes', () => {
    for (const { inputTokens, replay } of measured) expect(replay.inputTokens).toBe(inputTokens)
  })

  test('cached tokens are whole blocks of the input', () => {
    for (const { cachedTokens, inputTokens, replay } of measured) {
      expect(cachedTokens % replay.blockSize).toBe(0)
      expect(cachedTokens).toBeLessThanOrEqual(inputTokens)
    }
    expect(measured.some((request) => request.cachedTokens > 0)).toBe(true)
  })

  test('the hit rate is cached blocks over all blocks', () => {
    for (const { kvHitRate, cachedTokens, replay } of measured) {
      const blocks = Math.ceil(replay.inputTokens / replay.blockSize)
      expect(kvHitRate).toBeCloseTo(cachedTokens / replay.blockSize / blocks, 9)
    }
  })

  test('the first token comes after the wait and the prefill', () => {
    for (const { ttftMs, prefillWaitMs, prefillMs } of measured)
      expect(ttftMs).toBeCloseTo(prefillWaitMs + prefillMs, 6)
  })

  test('the latency between tokens is the rest of the time over the rest of the tokens', () => {
    for (const { avgItlMs, totalMs, ttftMs, outputTokens } of measured) {
      if ((avgItlMs as number | undefined) === undefined) continue
      expect(avgItlMs).toBeCloseTo((totalMs - ttftMs) / (outputTokens - 1), 6)
    }
  })

  test('a request is recorded at its end, also where its time is not', () => {
    for (const { eventTimeMs, request } of requests) {
      const { receivedMs = NaN, totalMs } = request
      if (totalMs === undefined) expect(eventTimeMs).toBeGreaterThan(receivedMs)
      else expect(eventTimeMs).toBe(receivedMs + Math.round(totalMs))
    }
  })
})
