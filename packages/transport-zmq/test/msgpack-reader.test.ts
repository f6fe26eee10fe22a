// SPDX-License-Identifier: Apache-2.0
import { WireFloat } from '@dynamo-agent/core'
import { encode, ExtData } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { readMsgpack } from '../src/msgpack-reader.ts'

const text = (size: number) => 'x'.repeat(size)
const list = (size: number) => Array.from({ length: size }, (_, index) => index)
const map = (size: number) => Object.fromEntries(list(size).map((index) => [`key-${index}`, index]))

describe('readMsgpack', () => {
  it.each<[string, unknown]>([
    ['nil and booleans', [null, true, false]],
    ['integers of every size', [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]],
    ['negative integers of every size', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1]],
    ['fractions', [0.5, -1.25, 1e-7]],
    ['no numbers', [NaN, Infinity, -Infinity]],
    ['texts of every size', [0, 31, 32, 255, 256, 65_535, 65_536].map(text)],
    ['text that is not ASCII', 'gr\u00f6\u00dfe \u{1f600}'],
    ['bytes of every size', [0, 255, 256, 65_536].map((size) => new Uint8Array(size))],
    ['lists of every size', [0, 15, 16, 65_536].map(list)],
    ['maps of every size', [0, 15, 16, 65_536].map(map)],
    ['an epoch time', { event_time_unix_ms: 1_780_000_000_123 }],
  ])('reads %s', (_, value) => {
    expect(readMsgpack(encode(value))).toEqual(value)
  })

  it.each([
    ['float64', encode(50, { forceIntegerToFloat: true })],
    ['float32', encode(50, { forceIntegerToFloat: true, forceFloat32: true })],
  ])('tells a whole number that was sent as %s from an integer', (_, bytes) => {
    expect(readMsgpack(bytes)).toEqual(new WireFloat(50))
  })

  it('skips extensions, and what follows the first value', () => {
    const extensions = [1, 2, 3, 4, 8, 16, 300, 70_000].map((size) => new ExtData(5, new Uint8Array(size)))
    const message = Buffer.concat([encode([...extensions, 'end']), Buffer.from('rest')])
    expect(readMsgpack(message)).toEqual([...extensions.map(() => undefined), 'end'])
  })

  it('takes a key called __proto__ for a key', () => {
    const value = readMsgpack(Buffer.concat([Buffer.from([0x81]), encode('__proto__'), encode({ polluted: true })]))
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('refuses a message that is cut off, wherever that is', () => {
    const whole = encode({ schema: 'x', list: [1, 2.5, 'text', null], bytes: new Uint8Array(300), map: { a: -1000 } })
    for (let size = 0; size < whole.length; size++)
      expect(() => readMsgpack(whole.subarray(0, size))).toThrow(RangeError)
  })

  it.each<[string, Buffer]>([
    ['a list of four thousand million items', Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
    ['a text of four thousand million bytes', Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff])],
    ['lists in lists without end', Buffer.alloc(100_000, 0x91)],
    ['a type that does not exist', Buffer.from([0xc1])],
    ['a list as key', Buffer.from([0x81, 0x90, 0x00])],
  ])('refuses %s', (_, bytes) => {
    expect(() => readMsgpack(bytes)).toThrow(RangeError)
  })
})
