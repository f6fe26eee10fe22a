// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Scanner } from '../../../src/read/block.ts'
import { createScanner } from '../../../src/read/scan/scanner.ts'
import { seededRandom } from '../../write/seeded-random.ts'

const U64_MAX = 18_446_744_073_709_551_615n

/** A row with hashes; the scanner leaves one with an escape to core's parser. */
function rowOf(list: string, requestId = 'r'): string {
  return (
    `{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"${requestId}",` +
    `"replay":{"trace_block_size":16,"input_length":64,"input_sequence_hashes":[${list}]}}}\n`
  )
}

/** The hashes of the blocks of each row. */
function blocksOf(...lines: readonly string[]): readonly (readonly number[])[] {
  return scanWith(createScanner(), ...lines)
}

function scanWith(scan: Scanner, ...lines: readonly string[]): readonly (readonly number[])[] {
  const bytes = Buffer.from(lines.join(''))
  const { batch } = scan({ bytes, start: 0, end: bytes.length })
  const { count, blockEnds, blockHashes } = batch
  return Array.from({ length: count }, (_, row) => [...blockHashes.subarray(row === 0 ? 0 : blockEnds[row - 1], blockEnds[row])])
}

/** Numbers of every length, and others that differ from them in one digit. */
function closeNumbers(): bigint[] {
  const random = seededRandom(3)
  return Array.from({ length: 20 }, (_, index) => index + 1).flatMap((digits) => {
    const number = Array.from({ length: digits }, (_, place) => String(1 + Math.floor(random() * (place === 0 ? 1 : 9)))).join('')
    const places = Array.from({ length: digits }, (_, place) => place)
    const others = places.flatMap((place) =>
      '0123456789'.split('').map((digit) => number.slice(0, place) + digit + number.slice(place + 1)),
    )
    return [number, ...others].map(BigInt)
  })
}

describe('hashes of KV blocks', () => {
  it('are different for different digits, wherever they differ', () => {
    const random = seededRandom(7)
    const anywhere = Array.from({ length: 5000 }, () => BigInt(Math.floor(random() * 2 ** 52)) * 4096n)
    const powers = Array.from({ length: 20 }, (_, digits) => 10n ** BigInt(digits))
    const alike = powers.flatMap((power) => [power, power * 7n, (power * 10n - 1n) / 9n])
    const numbers = [...new Set([0n, U64_MAX, ...alike, ...closeNumbers(), ...anywhere])].filter((number) => number <= U64_MAX)
    const [blocks = []] = blocksOf(rowOf(numbers.join()))
    expect(blocks).toHaveLength(numbers.length)
    expect(new Set(blocks).size).toBe(numbers.length)
  })

  it.each([
    ['alone and among others', rowOf('7'), rowOf('7,18446744073709551615')],
    ['with blanks', rowOf('1,12345678,123456789012345678'), rowOf(' 1, 12345678 ,\t123456789012345678 ')],
    ["where core's parser reads the row", rowOf('1,12345678,123456789012345678'), rowOf('1,12345678,123456789012345678', '\\u0072')],
  ])('are the same for the same digits, %s', (_name, first, second) => {
    const [one = [], other = []] = blocksOf(first, second)
    expect(one.length).toBeGreaterThan(0)
    expect(other.slice(0, one.length)).toEqual(one)
  })

  it('are the same whatever was read before', () => {
    const scan = createScanner()
    const escaped = rowOf('1,12345678', '\\u0072')
    const [first] = scanWith(scan, escaped)
    scanWith(scan, rowOf(Array<string>(1000).fill('9'.repeat(19)).join()))
    expect(scanWith(scan, escaped)).toEqual([first])
  })

  it('belong to rows that are read, not to those that are given up', () => {
    const [seven = [], eight = []] = blocksOf(rowOf('7'), rowOf('8'))
    const notU64 = rowOf('9,10,18446744073709551616')
    const notJson = rowOf('9,10').replace('}}}', '}}')
    expect(blocksOf(rowOf('7'), notJson, rowOf(''), notJson, rowOf('8'))).toEqual([seven, [], eight])
    expect(blocksOf(rowOf('7'), notU64, rowOf('8')).flat().slice(-1)).toEqual(eight)
  })

  it('are as many as a long prompt has', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index)
    const [few, blocks = []] = blocksOf(rowOf('1'), rowOf(many.join()), rowOf('2'))
    expect(blocks).toHaveLength(many.length)
    expect(blocks[1]).toBe(few?.[0])
  })
})
