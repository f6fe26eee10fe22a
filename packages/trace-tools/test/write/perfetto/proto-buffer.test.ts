// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ProtoBuffer, varintSize } from '../../../src/write/perfetto/proto-buffer.ts'
import { seededRandom } from '../seeded-random.ts'
import { readMessage } from './wire-reader.ts'

describe('ProtoBuffer', () => {
  it.each([
    { value: 0, bytes: [0x08, 0x00] },
    { value: 1, bytes: [0x08, 0x01] },
    { value: 127, bytes: [0x08, 0x7f] },
    { value: 128, bytes: [0x08, 0x80, 0x01] },
    { value: 300, bytes: [0x08, 0xac, 0x02] },
    { value: 2 ** 32, bytes: [0x08, 0x80, 0x80, 0x80, 0x80, 0x10] },
    { value: Number.MAX_SAFE_INTEGER, bytes: [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f] },
  ])('writes the varint $value', ({ value, bytes }) => {
    const buffer = new ProtoBuffer()
    buffer.varint(1, value)
    expect([...buffer.take()]).toEqual(bytes)
  })

  it.each([0n, 127n, 128n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])(
    'writes the 64-bit integer %d exactly',
    (value) => {
      const buffer = new ProtoBuffer()
      buffer.varint64(20, value)
      expect(readMessage(buffer.take())).toEqual([[20, value]])
    },
  )

  it('writes a negative integer as protobuf does: ten bytes of its two’s complement', () => {
    const buffer = new ProtoBuffer()
    buffer.varint64(4, -1n)
    expect(readMessage(buffer.take())).toEqual([[4, 2n ** 64n - 1n]])
  })

  it('writes doubles in little-endian order', () => {
    const buffer = new ProtoBuffer()
    buffer.double(5, 1.5)
    expect(readMessage(buffer.take())).toEqual([[5, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f)]])
  })

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 42, Number.MAX_SAFE_INTEGER])(
    'fills in the varint %d in as many bytes as it takes',
    (value) => {
      const buffer = new ProtoBuffer(1)
      const at = buffer.claim(1 + varintSize(value))
      buffer.bytes[at] = 3 << 3
      buffer.setVarint(at + 1, value)
      expect(readMessage(buffer.take())).toEqual([[3, BigInt(value)]])
    },
  )

  it('appends bytes that are encoded already', () => {
    const buffer = new ProtoBuffer(4)
    buffer.appendBytes(Uint8Array.of(1, 2, 3))
    buffer.appendBytes(Uint8Array.of(4, 5))
    expect([...buffer.written]).toEqual([1, 2, 3, 4, 5])
  })

  it('appends a text of ASCII, and tells where it is not', () => {
    const buffer = new ProtoBuffer(1)
    expect(buffer.appendAscii('call-7')).toBe(true)
    const { length } = buffer
    expect(buffer.appendAscii('naïve')).toBe(false)
    buffer.cutTo(length)
    expect(Buffer.from(buffer.take()).toString()).toBe('call-7')
  })

  it.each(['', 'plain', 'ä€😀', 'x'.repeat(127), 'x'.repeat(128), '€'.repeat(50), 'y'.repeat(200_000)])(
    'writes text of any length as UTF-8',
    (text) => {
      const buffer = new ProtoBuffer(16)
      buffer.text(2, text)
      buffer.varint(3, 7)
      const [first, second] = readMessage(buffer.take())
      expect(Buffer.from(first?.[1] as Uint8Array).toString()).toBe(text)
      expect(second).toEqual([3, 7n])
    },
  )

  it('fills in the lengths of messages inside messages, whatever they grow to', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed)
      const buffer = new ProtoBuffer(16)
      const written = writeRandomMessage(buffer, random, 4)
      expect(readBack(buffer.take(), written)).toEqual(written)
    }
  })

  it('starts over after its bytes were taken', () => {
    const buffer = new ProtoBuffer()
    buffer.varint(1, 1)
    const first = buffer.take()
    buffer.varint(1, 2)
    expect([...first]).toEqual([8, 1])
    expect([...buffer.take()]).toEqual([8, 2])
    expect(buffer.length).toBe(0)
  })

  it('refuses to close what was never opened', () => {
    expect(() => {
      new ProtoBuffer().close()
    }).toThrow('no message is open')
  })
})

/** A message as it should come back: integers, texts and messages by field number. */
type Message = readonly (readonly [number, bigint | string | Message])[]

function writeRandomMessage(buffer: ProtoBuffer, random: () => number, depth: number): Message {
  return Array.from({ length: Math.floor(random() * 6) }, () => {
    const field = 1 + Math.floor(random() * 60)
    const kind = depth === 0 ? 0 : random()
    if (kind < 0.3) {
      const value = Math.floor(random() * 2 ** 40)
      buffer.varint(field, value)
      return [field, BigInt(value)]
    }
    if (kind < 0.6) {
      const text = 'z'.repeat(Math.floor(random() * 300))
      buffer.text(field, text)
      return [field, text]
    }
    buffer.open(field)
    const message = writeRandomMessage(buffer, random, depth - 1)
    buffer.close()
    return [field, message]
  })
}

/** The shape says what bytes stand for: a text and a message look alike on the wire. */
function readBack(bytes: Uint8Array, shape: Message): Message {
  return readMessage(bytes).map(([field, value], index) => {
    if (typeof value === 'bigint') return [field, value]
    const expected = shape[index]?.[1]
    return [field, Array.isArray(expected) ? readBack(value, expected as Message) : Buffer.from(value).toString()]
  })
}
