// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { NO_FIELDS } from '../../../src/write/perfetto/event-module.ts'
import { Packets } from '../../../src/write/perfetto/packets.ts'
import { ProtoBuffer } from '../../../src/write/perfetto/proto-buffer.ts'
import { readMessage, submessages } from './wire-reader.ts'

/** Field numbers of a trace, a packet and an event. */
const packet = 1
const timestamp = 8
const trackEvent = 11
const name = 23
const counterValue = 30
const doubleCounterValue = 44
const flowIds = 47

function fieldsOf(text: string): ProtoBuffer {
  const fields = new ProtoBuffer()
  fields.text(name, text)
  return fields
}

/** The fields of all events. */
function eventsOf({ memory }: Packets) {
  return submessages(readMessage(memory.packets()), packet).flatMap((bytes) =>
    submessages(readMessage(bytes), trackEvent).map((event) => ({
      time: readMessage(bytes).find(([field]) => field === timestamp)?.[1],
      fields: new Map(readMessage(event)),
    })),
  )
}

describe('the events of packets', () => {
  it('are whole when a span needs more memory than there is', () => {
    const packets = new Packets()
    const { events, memory } = packets
    const track = events.keepTrack(1, 2)
    const label = memory.keep(fieldsOf('label '.repeat(50_000)))
    const details = fieldsOf('details '.repeat(100_000))
    for (let edgeId = 0; edgeId < 1000; edgeId++) events.leave(edgeId)
    events.drawSlice(track, label, NO_FIELDS, memory.lend(details.written), details.length, NO_FIELDS, 1, 2)
    const [begin, end] = eventsOf(packets)
    expect([begin?.time, end?.time]).toEqual([1_000_000n, 2_000_000n])
    expect(Buffer.from(begin?.fields.get(name) as Uint8Array).toString()).toBe('details '.repeat(100_000))
    expect(begin?.fields.has(flowIds)).toBe(true)
    expect(end?.fields.size).toBe(2)
  })

  it('are forgotten when they were taken', () => {
    const packets = new Packets()
    packets.events.drawCounter(packets.events.keepTrack(1, 2), 1, 1)
    packets.events.cutTo(0)
    expect(packets.memory.packets()).toHaveLength(0)
  })

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])('count %d exactly', (value) => {
    const packets = new Packets()
    packets.events.drawCounter(packets.events.keepTrack(1, 2), 1, value)
    expect(eventsOf(packets)[0]?.fields.get(counterValue)).toBe(BigInt(value))
  })

  it.each([-1, 0.5, 2 ** 53, Infinity])('count %d as a double', (value) => {
    const packets = new Packets()
    packets.events.drawCounter(packets.events.keepTrack(1, 2), 1, value)
    const bytes = eventsOf(packets)[0]?.fields.get(doubleCounterValue) as Uint8Array
    expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true)).toBe(value)
  })
})
