// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { requestNumber } from '../../../src/read/columns.ts'
import { numberOf } from '../../../src/read/row-batch.ts'
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
  'decimals of more digits than a double holds': () => `${1 + below(9)}${digits(below(9))}.${digits(9 + below(9))}`,
  'decimals in the middle between two doubles, or all but': () => `${2 ** 52 + below(1000)}.5${'0'.repeat(below(3))}`,
  'zeros and what is nearly zero': () => `${random() < 0.5 ? '-' : ''}0.${'0'.repeat(below(25))}${digits(1 + below(17))}`,
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
