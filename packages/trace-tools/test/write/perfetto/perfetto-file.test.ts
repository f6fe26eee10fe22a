// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib'
import { judge, openTrace } from '@dynamo-agent/trace-processor'
import { describe, expect, it } from 'vitest'
import { perfettoFormat } from '../../../src/write/perfetto/perfetto-format.ts'
import type { TimelineOptions } from '../../../src/write/timeline-options.ts'
import { writeTimeline } from '../../support/timeline.ts'
import { requestLine, T0, toolCallLine } from '../../support/trace-lines.ts'
import { dig, integers, readMessage, submessages } from './wire-reader.ts'

const write = (lines: readonly string[], options?: TimelineOptions) => writeTimeline(perfettoFormat, lines, options).bytes

/** A few turns of two agents. */
const lines = Array.from({ length: 20 }, (_, index) => [
  requestLine({ session: index % 2 ? 'a' : 'b', at: index * 100, request: { ttft_ms: 20, prefill_time_ms: 20 } }),
  toolCallLine({ session: index % 2 ? 'a' : 'b', from: index * 100 + 50, to: index * 100 + 90 }),
]).flat()

/** Field numbers of perfetto_trace.proto. */
const field = { packet: 1, timestamp: 8, sequenceId: 10, trackEvent: 11, internedData: 12, flags: 13, descriptor: 60 }
const event = { trackUuid: 11, flowIds: 47, terminatingFlowIds: 48 }

const packetsOf = (bytes: Uint8Array) => submessages(readMessage(bytes), field.packet)

describe('a Perfetto file', () => {
  it('is the same each time', () => {
    expect(write(lines)).toEqual(write(lines))
  })

  it('tells what wall-clock time it is', async () => {
    const trace = await openTrace(write(lines))
    const value = BigInt(T0) * 1_000_000n
    expect(trace.query(`select clock_name name, clock_value value from clock_snapshot order by clock_id`)).toEqual([
      { name: 'REALTIME', value },
      { name: 'BOOTTIME', value },
    ])
  })

  it('holds each repeated string once', () => {
    const text = write(lines).toString('latin1')
    for (const string of ['LLM request: tiny-model', 'Tool: bash', 'request_received_ms', 'succeeded']) {
      expect(text.split(string), string).toHaveLength(2)
    }
  })

  it('may be compressed', async () => {
    const [whole, compressed] = await Promise.all([openTrace(write(lines)), openTrace(gzipSync(write(lines)))])
    expect(compressed.slices()).toEqual(whole.slices())
  })

  it('may be concatenated with that of another trace, and shares tracks with it', async () => {
    const part = (at: number) => write([requestLine({ session: 'a', at, total: 5 })], { counters: false })
    const trace = await openTrace(Buffer.concat([part(0), part(10)]))
    expect(judge(trace)).toEqual([])
    expect(trace.slices().map(({ name }) => name)).toEqual(['LLM request: tiny-model', 'LLM request: tiny-model'])
    expect(trace.trackTree().map(({ name }) => name)).toEqual(['Dynamo trace', 'session a', 'trajectory a', 'LLM'])
  })

  it('of no rows is empty', () => {
    expect(write([])).toEqual(Buffer.alloc(0))
  })

  it('comes in pieces, whose memory is used again', () => {
    const many = Array.from({ length: 1000 }, (_, index) => requestLine({ session: 'a', at: index * 100 }))
    const { pieces, memories } = writeTimeline(perfettoFormat, many)
    expect(pieces).toBeGreaterThan(memories)
  })

  it('clears the incremental state in its first packet, which all that name strings need', () => {
    const flags = packetsOf(write(lines)).map((packet) => {
      const fields = readMessage(packet)
      const names = submessages(fields, field.trackEvent).some((bytes) => integers(readMessage(bytes), 10).length > 0)
      return { flags: integers(fields, field.flags)[0], names }
    })
    expect(flags[0]?.flags).toBe(3n)
    for (const { flags: value, names } of flags.slice(1)) expect(value).toBe(names ? 2n : (value ?? undefined))
    expect(flags.filter(({ names, flags: value }) => names && value !== 2n)).toEqual([])
  })

  it('describes each track that it draws on once', () => {
    const described = packetsOf(write(lines)).flatMap((packet) => integers(readMessage(dig(packet, field.descriptor) ?? new Uint8Array()), 1))
    const drawn = packetsOf(write(lines)).flatMap((packet) =>
      integers(readMessage(dig(packet, field.trackEvent) ?? new Uint8Array()), event.trackUuid),
    )
    expect(new Set(described).size).toBe(described.length)
    for (const uuid of new Set(drawn)) expect(described).toContain(uuid)
  })

  it('gives each arrow an id of its own', () => {
    const events = packetsOf(write(lines)).map((packet) => readMessage(dig(packet, field.trackEvent) ?? new Uint8Array()))
    const idsOf = (number: number) =>
      events.flatMap((fields) => submessages(fields, number)).map((id) => Buffer.from(id).toString('hex'))
    const leaving = idsOf(event.flowIds)
    const arriving = idsOf(event.terminatingFlowIds)
    expect(new Set(leaving).size).toBe(leaving.length)
    expect(new Set(arriving).size).toBe(arriving.length)
    for (const id of arriving) expect(leaving).toContain(id)
  })

  it('stays small: an END takes 27 bytes', () => {
    const ends = packetsOf(write(lines)).filter((packet) => integers(readMessage(dig(packet, field.trackEvent) ?? new Uint8Array()), 9)[0] === 2n)
    for (const packet of ends) expect(packet).toHaveLength(25)
  })
})
