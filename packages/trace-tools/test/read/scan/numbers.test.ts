// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { requestNumber } from '../../../src/read/columns.ts'
import { numberOf } from '../../../src/read/row-batch.ts'
import { parseLongDecimal } from '../../../src/read/scan/long-decimal.ts'
import { createScanner } from '../../../src/read/scan/scanner.ts'
import { seededRandom } from '../../write/seeded-random.ts'

const random = seededRandom(17)
const below = (limit: number): number => Math.floor(random() * limit)
const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('')

/** Numbers as JSON writes them, by how they come about. */
const numbers: Readonly<Record<string, () => string>> = {
  'times in milliseconds': () => String(below(1e9) / 1e6),
  'sums of times': () => String(below(1e9) / 1e6 + below(1e9) / 1e6),
  quotients: () => String(below(1e4) / (1 + below(1e4))),
  'any doubles': () => String((random() - 0.5) * 10 ** (below(40) - 20)),
  'any digits': () => `${random() < 0.5 ? '-' : ''}${1 + below(9)}${digits(below(20))}.${digits(1 + below(20))}`,
  'any exponents': () => `${1 + below(9)}.${digits(1 + below(17))}e${below(600) - 300}`,
  integers: () => `${1 + below(9)}${digits(below(15))}`,
}

describe('the number in a row is the one that JSON.parse reads', () => {
  it.each(Object.entries(numbers))('for %s', (_, make) => {
    const texts = Array.from({ length: 4000 }, make)
    const row =
      '{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"r","ttft_ms":'
    const bytes = Buffer.from(texts.map((text) => `${row}${text}}}\n`).join(''))
    const { batch } = createScanner()({ bytes, start: 0, end: bytes.length })
    expect(texts.map((_text, index) => numberOf({ batch, row: index }, requestNumber.ttftMs))).toEqual(
      texts.map((text) => JSON.parse(text) as unknown),
    )
  })
})

describe('a decimal with more digits than a double holds', () => {
  it('is rounded as by Number, or left to it', () => {
    let rounded = 0
    for (let run = 0; run < 20_000; run++) {
      const integer = `${1 + below(9)}${digits(below(8))}`
      const text = `${integer}.${digits(9 + below(10 - integer.length))}`
      const value = parseLongDecimal(Buffer.from(text), {
        start: 0,
        fraction: text.indexOf('.') + 1,
        end: text.length,
      })
      if (Number.isNaN(value)) continue
      if (value !== Number(text)) expect.fail(`${text} became ${value}`)
      rounded++
    }
    expect(rounded).toBeGreaterThan(19_000)
  })

  it.each(['4503599627370496.5', '4503599627370497.5', '9007199254740993.0', '0.50000000000000005'])(
    'is not guessed where it is in the middle between two doubles, or all but: %s',
    (text) => {
      const places = { start: 0, fraction: text.indexOf('.') + 1, end: text.length }
      const value = parseLongDecimal(Buffer.from(text), places)
      expect(Number.isNaN(value) || value === Number(text)).toBe(true)
    },
  )
})
