// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { constant } from '../../../src/write/chrome-json/constant.ts'
import { JsonBuffer } from '../../../src/write/chrome-json/json-buffer.ts'
import { seededRandom } from '../seeded-random.ts'

/** What one or more puts come to, in memory that is too small for them. */
function put(write: (buffer: JsonBuffer) => void): string {
  const buffer = new JsonBuffer()
  buffer.begin(new Uint8Array(1))
  write(buffer)
  return buffer.bytes.toString('utf8', 0, buffer.length)
}

const real = (value: number) => put((buffer) => { buffer.real(value) })
const integer = (value: number) => put((buffer) => { buffer.integer(value) })

describe('a real number', () => {
  const random = seededRandom(11)
  const ranges: Record<string, () => number> = {
    'below 1': () => random(),
    'below 1000': () => random() * 1000,
    'of few decimals': () => Math.round(random() * 1e6) / 10 ** Math.floor(random() * 7),
    'with the noise of a division': () => (Math.round(random() * 1e9) / 1e9) * 1e3,
    'of any size': () => random() * 10 ** Math.floor(random() * 40 - 20),
    'next to a power of two': () =>
      2 ** Math.floor(random() * 40 - 8) * (1 + (Math.floor(random() * 5) - 2) * 2 ** -52),
    'next to an integer': () => Math.floor(random() * 1e4) + 1 - 2 ** -Math.floor(random() * 50),
  }

  it.each(Object.entries(ranges))('%s is printed as short as can be', (_name, next) => {
    for (let count = 0; count < 5000; count++) {
      const value = next()
      expect(real(value)).toBe(Number.isInteger(value) && value < 1e21 ? `${value}.0` : String(value))
    }
  })

  it.each([
    [0, '0.0'],
    [-0, '0.0'],
    [12, '12.0'],
    [-3.25, '-3.25'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [0.5, '0.5'],
    [4.999999999999999, '4.999999999999999'],
    [9.999999999999998, '9.999999999999998'],
  ])('such as %d is %s', (value, text) => {
    expect(real(value)).toBe(text)
  })
})

describe('an integer', () => {
  it.each([0, 7, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 1_700_000_000_000_000, Number.MAX_SAFE_INTEGER, -42, 1.5, 1e300])(
    'such as %d is printed as it is',
    (value) => {
      expect(integer(value)).toBe(String(value))
    },
  )
})

describe('digits', () => {
  it.each([
    ['0', '0'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', '"9223372036854775808"'],
    ['9300000000000000000', '"9300000000000000000"'],
    ['18446744073709551615', '"18446744073709551615"'],
    ['007', '"007"'],
    ['', '""'],
    ['12a', '"12a"'],
  ])('%s become %s', (digits, json) => {
    expect(put((buffer) => { buffer.digits(Buffer.from(digits), 0, digits.length) })).toBe(json)
  })
})

describe('a string', () => {
  it('says the same as its bytes, whatever they are', () => {
    const random = seededRandom(5)
    for (let count = 0; count < 2000; count++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256))
      const json = put((buffer) => { buffer.string(bytes, 0, bytes.length) })
      expect(JSON.parse(json)).toBe(Buffer.from(bytes).toString())
    }
  })

  it('of a part of some bytes has nothing of the rest', () => {
    expect(put((buffer) => { buffer.string(Buffer.from('one "two" three'), 4, 5) })).toBe('"\\"two\\""')
  })
})

describe('text of the program', () => {
  it.each(['', 'short', 'naïve', 'x'.repeat(1000), '漢'.repeat(1000)])('is put in as UTF-8', (text) => {
    expect(put((buffer) => { buffer.text(text) })).toBe(text)
  })
})

describe('a constant', () => {
  it.each(['', '"a":', '12345678', '"name":"naïve 漢字 🙂",'])('%s means the same, of ASCII only', (json) => {
    const text = put((buffer) => { buffer.raw(constant(json)) })
    expect(text).toMatch(/^[\x20-\x7e]*$/)
    expect(JSON.parse(`["${text.replaceAll('"', '\\"')}"]`)).toEqual([json])
  })
})

it('grows without losing anything', () => {
  const parts = Array.from({ length: 300 }, (_, index) => `part ${index} `.repeat(index % 7))
  const text = put((buffer) => {
    for (const part of parts) buffer.raw(constant(part))
  })
  expect(text).toBe(parts.join(''))
})
