// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../../src/write/perfetto/details/decimal.ts'
import { ProtoBuffer } from '../../../../src/write/perfetto/proto-buffer.ts'
import { seededRandom } from '../../seeded-random.ts'
import { readMessage } from '../wire-reader.ts'

/** What is written of digits that stand in the middle of other bytes. */
function write(digits: string): readonly (readonly [number, bigint | Uint8Array])[] | undefined {
  const decimal = new Decimal()
  if (!decimal.read(Buffer.from(`9${digits}9`), 1, digits.length)) return undefined
  const buffer = new ProtoBuffer()
  decimal.write(buffer, 3)
  expect(buffer.length).toBe(1 + decimal.size)
  return readMessage(buffer.take())
}

describe('Decimal', () => {
  it.each([
    '0',
    '127',
    '128',
    '268435455',
    '268435456',
    '999999999999999',
    '1000000000000000',
    '9007199254740993',
    '72057594037927936',
    '9223372036854775808',
    '18446744073709551615',
  ])('writes %s exactly', (digits) => {
    expect(write(digits)).toEqual([[3, BigInt(digits)]])
  })

  it('writes numbers of any length exactly', () => {
    const random = seededRandom(2)
    for (let round = 0; round < 2000; round++) {
      const length = 1 + Math.floor(random() * 19)
      const digits = Array.from({ length }, () => Math.floor(random() * 10)).join('')
      expect(write(digits), digits).toEqual([[3, BigInt(digits)]])
    }
  })

  it.each(['', '18446744073709551616', '99999999999999999999', '100000000000000000000', '12a', '-1', '1.5', ' 1', '12345678901x'])(
    'refuses "%s"',
    (digits) => {
      expect(write(digits)).toBeUndefined()
    },
  )
})
