// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { FinishTexts } from '../../../../src/write/perfetto/details/finish-texts.ts'
import { seededRandom } from '../../seeded-random.ts'

/** Makes of a text what it says but for the ids, and counts how often that is done. */
function createReader() {
  const reader = { made: 0, read }
  const texts = new FinishTexts((json) => {
    reader.made++
    return namesOf(json)
  })
  function read(json: string): string {
    const bytes = Buffer.from(`[${json}]    `)
    return texts.valueOf(bytes, 1, 1 + Buffer.byteLength(json))
  }
  return reader
}

interface Finish {
  readonly reason?: string
  readonly tool_calls?: readonly { readonly name?: string }[]
}

function namesOf(json: string): string {
  const { reason = '', tool_calls: calls = [] } = JSON.parse(json) as Finish
  return [reason, ...calls.map(({ name }) => name ?? '?')].join(' ')
}

const call = (id: string, name: string) => ({ index: 0, id, name })

describe('FinishTexts', () => {
  it('makes one value of texts that differ in ids', () => {
    const reader = createReader()
    for (const id of ['call-1', '', 'call-3-which-is-longer', 'ä']) {
      expect(reader.read(JSON.stringify({ tool_calls: [call(id, 'bash'), call(`${id}-b`, 'grep')] }))).toBe(' bash grep')
    }
    expect(reader.made).toBe(1)
  })

  it('tells texts apart that differ in anything else', () => {
    const reader = createReader()
    const texts = [
      { reason: 'stop' },
      { reason: 'stop', tool_calls: [] },
      { reason: 'tools', tool_calls: [call('1', 'a')] },
      { reason: 'tools', tool_calls: [call('1', 'ab')] },
      { reason: 'tools', tool_calls: [call('1', 'a'), call('2', 'a')] },
      { reason: 'tools', tool_calls: [call('1', 'a'), call('2', 'b')] },
      { reason: 'tools', tool_calls: [call('1', 'a'), { name: 'b' }] },
      { reason: 'tools', tool_calls: [{ name: 'a' }, call('1', 'b')] },
    ].map((finish) => JSON.stringify(finish))
    for (const round of [1, 2]) {
      for (const text of texts) expect(reader.read(text), `round ${round}`).toBe(namesOf(text))
    }
    expect(reader.made).toBe(texts.length)
  })

  it.each([
    ['a quote in an id', { tool_calls: [call('say "id":"', 'a'), call('2', 'b')] }],
    ['what looks like an id in a name', { tool_calls: [call('1', '"id":"x"'), call('2', 'b')] }],
    ['an id that is no text', { tool_calls: [{ id: 7, name: 'a' }, call('2', 'b')] }],
    ['nothing', {}],
  ])('is not deceived by %s', (_name, finish) => {
    const reader = createReader()
    const text = JSON.stringify(finish)
    for (const other of [text, JSON.stringify({ tool_calls: [call('1', 'a'), call('2', 'b')] }), text]) {
      expect(reader.read(other)).toBe(namesOf(other))
    }
  })

  it('reads random texts as if each were the first', () => {
    const random = seededRandom(9)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]
    const reader = createReader()
    for (let round = 0; round < 3000; round++) {
      const calls = Array.from({ length: Math.floor(random() * 4) }, () =>
        call('x'.repeat(Math.floor(random() * 5)), pick(['bash', 'bas', 'read', 'h"', 'ü']) ?? ''),
      )
      const text = JSON.stringify({ reason: pick(['stop', 'length', undefined]), ...(random() < 0.8 && { tool_calls: calls }) })
      expect(reader.read(text)).toBe(namesOf(text))
    }
    expect(reader.made).toBeLessThan(700)
  })

  it('takes a text that ends where the bytes end', () => {
    const texts = new FinishTexts(namesOf)
    const bytes = Buffer.from('{"reason":"stop"}')
    const own = new Uint8Array(bytes)
    expect([1, 2].map(() => texts.valueOf(own, 0, own.length))).toEqual(['stop', 'stop'])
  })
})
