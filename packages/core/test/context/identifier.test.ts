// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { findIdProblem, MAX_ID_BYTES, toSafeId } from '../../src/index.ts'
import { seededRandom } from '../support.ts'

const good = [
  ['one byte', 'a'],
  ['256 bytes', 'x'.repeat(256)],
  ['a UUID', '0195c2f8-71a6-7d1e-b2a4-6a9d3f8f2a11'],
  ['the first and last visible characters', '!~'],
  ['punctuation that a header may carry', 'run:1/agent#2;q="a,b"'],
] as const

const bad = [
  ['empty', '', 'empty'],
  ['257 bytes', 'x'.repeat(257), 'too-long'],
  ['one blank', ' ', 'not-visible-ascii'],
  ['blanks around', ' a ', 'not-visible-ascii'],
  ['a blank inside', 'a b', 'not-visible-ascii'],
  ['a tab', 'a\tb', 'not-visible-ascii'],
  ['a trailing newline', 'a\n', 'not-visible-ascii'],
  ['a header split', 'a\r\nx-evil: 1', 'not-visible-ascii'],
  ['NUL', 'a\0', 'not-visible-ascii'],
  ['DEL', 'a\x7f', 'not-visible-ascii'],
  ['Latin-1', 'caf\u00e9', 'not-visible-ascii'],
  ['UTF-8 text', '\u4ee3\u7406', 'not-visible-ascii'],
  ['a character outside the basic plane', '\u{1f600}', 'not-visible-ascii'],
  ['half a surrogate pair', '\ud800', 'not-visible-ascii'],
  ['long and not ASCII', '\u00e9'.repeat(300), 'not-visible-ascii'],
] as const

describe('an id is 1 to 256 bytes of visible ASCII', () => {
  test.each(good)('good: %s', (_, id) => {
    expect(findIdProblem(id)).toBeUndefined()
    expect(toSafeId(id)).toBe(id)
  })

  test.each(bad)('bad: %s', (_, id, problem) => {
    expect(findIdProblem(id)).toBe(problem)
  })

  test.each([[undefined], [null], [7], [7n], [true], [Symbol('id')], [{}], [['a']], [Object.create(null)]])(
    'bad: no string (%#)',
    (value) => {
      expect(findIdProblem(value)).toBe('not-a-string')
    },
  )
})

describe('toSafeId', () => {
  test.each(bad)('mends %s', (_, id) => {
    const safe = toSafeId(id)
    expect(findIdProblem(safe)).toBeUndefined()
    expect(toSafeId(id)).toBe(safe)
    expect(toSafeId(safe)).toBe(safe)
  })

  test('keeps what can be read of the original', () => {
    expect(toSafeId(' my run \u00e9 7 ')).toMatch(/^my_run_7~[0-9a-f]{16}$/)
    expect(toSafeId('x'.repeat(1000))).toMatch(/^x{239}~[0-9a-f]{16}$/)
    expect(toSafeId('')).toMatch(/^id~[0-9a-f]{16}$/)
  })

  test('gives the same id in every process and release', () => {
    expect(toSafeId('a b')).toBe('a_b~e63f991904833892')
  })

  test('keeps originals apart that look alike once mended', () => {
    const alike = [
      'a b',
      'a  b',
      'a\tb',
      'a\u00e9b',
      ' a b',
      'a b ',
      'a_b',
      `${'x'.repeat(300)}1`,
      `${'x'.repeat(300)}2`,
    ]
    expect(new Set(alike.map(toSafeId)).size).toBe(alike.length)
  })

  test('holds all of this for arbitrary text', () => {
    const random = seededRandom(1)
    const originals = new Set<string>()
    const safe = new Set<string>()
    for (let run = 0; run < 2000; run++) {
      const units = Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 2 ** 16))
      const original = String.fromCharCode(...units)
      const id = toSafeId(original)
      expect(findIdProblem(id)).toBeUndefined()
      expect(id.length).toBeLessThanOrEqual(MAX_ID_BYTES)
      expect(toSafeId(id)).toBe(id)
      originals.add(original)
      safe.add(id)
    }
    expect(safe.size).toBe(originals.size)
  })
})
