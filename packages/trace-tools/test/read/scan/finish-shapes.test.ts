// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { CallHash } from '../../../src/read/call-hash.ts'
import { requestText } from '../../../src/read/columns.ts'
import { FinishShapes } from '../../../src/read/scan/finish-shapes.ts'
import { RowColumns } from '../../../src/read/scan/row-columns.ts'
import { seededRandom } from '../../write/seeded-random.ts'

/** Reads texts one after the other, each as the only thing of a row. */
function createReader() {
  const shapes = new FinishShapes()
  return (json: string) => {
    const bytes = Buffer.from(`[${json}]\n`)
    const columns = new RowColumns(bytes, bytes.length)
    columns.prepareRow()
    const end = shapes.read(columns, 1)
    columns.addRow(1)
    const { callEnds, calls, finishShapes, texts } = columns.toBatch()
    const place = requestText.finish * 2
    return {
      end,
      shape: finishShapes[0] ?? 0,
      calls: [...calls.subarray(0, (callEnds[0] ?? 0) * 2)],
      text: bytes.toString('utf8', texts[place], (texts[place] ?? 0) + (texts[place + 1] ?? 0)),
    }
  }
}

const call = (id: string, name: string) => ({ choice_index: 0, tool_call_index: 0, id, name })
const finish = (...calls: readonly object[]) => JSON.stringify({ finish_reason: 'tool_calls', tool_calls: calls })

function hashesOf(...ids: readonly string[]): number[] {
  return ids.flatMap((id) => {
    const { low, high } = new CallHash().ofText(id)
    return [low, high]
  })
}

describe('FinishShapes', () => {
  it('gives one number to texts that differ in ids, and tells the ids', () => {
    const read = createReader()
    read(finish(call('a', 'bash'), call('b', 'grep')))
    const first = read(finish(call('call-1', 'bash'), call('', 'grep')))
    const second = read(finish(call('call-3-which-is-longer', 'bash'), call('call-4', 'grep')))
    expect(first.shape).toBeGreaterThan(0)
    expect(second.shape).toBe(first.shape)
    expect(first.calls).toEqual(hashesOf('call-1', ''))
    expect(second.calls).toEqual(hashesOf('call-3-which-is-longer', 'call-4'))
  })

  it('tells texts apart that differ in anything else', () => {
    const read = createReader()
    const texts = [
      '{"finish_reason":"stop"}',
      '{"finish_reason":"stop","choices":[]}',
      finish(call('1', 'a')),
      finish(call('1', 'ab')),
      finish(call('1', 'a'), call('2', 'a')),
      finish(call('1', 'a'), call('2', 'b')),
    ]
    for (const text of texts) expect(read(text).shape).toBe(0)
    expect(new Set(texts.map((text) => read(text).shape)).size).toBe(texts.length)
  })

  it.each([
    ['a quote in an id', finish(call('say "id":"', 'a'), call('2', 'b'))],
    ['an id that is no text', finish({ ...call('', 'a'), id: 7 }, call('2', 'b'))],
    ['fields in another order', finish({ id: 'a', name: 'b', choice_index: 0, tool_call_index: 0 })],
    ['calls that stand elsewhere', JSON.stringify({ choices: [{ tool_calls: [call('1', 'a')] }] })],
    ['calls that stand here and elsewhere', JSON.stringify({ choices: [{ tool_calls: [call('1', 'a')] }], tool_calls: [{}] })],
    ['calls that are named twice', `{"tool_calls":[${JSON.stringify(call('1', 'a'))}],"tool_calls":[]}`],
    ['no list of calls', '{"tool_calls":{"id":"1"}}'],
    ['another id', '{"id":"1"}'],
    ['an empty list', finish()],
  ])('claims to know nothing of %s', (_name, text) => {
    const read = createReader()
    const regular = finish(call('1', 'a'), call('2', 'b'))
    for (const other of [regular, text, regular, text]) {
      const { shape, calls, end } = read(other)
      expect(end).toBe(1 + Buffer.byteLength(other))
      if (other === text) expect({ shape, calls }).toEqual({ shape: 0, calls: [] })
    }
  })

  it('reads an id that needs decoding like a text that was never seen', () => {
    const read = createReader()
    read(finish(call('1', 'a')))
    expect(read(finish(call('ä', 'a')))).toMatchObject({ shape: 0, calls: [] })
  })

  it('reads random texts as if each were the first', () => {
    const random = seededRandom(9)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]
    const read = createReader()
    const known = new Map<number, string>()
    for (let round = 0; round < 3000; round++) {
      const calls = Array.from({ length: Math.floor(random() * 4) }, () =>
        call('x'.repeat(Math.floor(random() * 5)), pick(['bash', 'bas', 'read', 'h"', 'ü']) ?? ''),
      )
      const json = JSON.stringify({ finish_reason: pick(['stop', 'length']), ...(calls.length > 0 && { tool_calls: calls }) })
      const { text, end, shape, calls: hashes } = read(json)
      expect({ text, end }).toEqual({ text: json, end: 1 + Buffer.byteLength(json) })
      if (shape === 0) continue
      expect(hashes).toEqual(hashesOf(...calls.map(({ id }) => id)))
      const alike = json.replaceAll(/"id":"[^"]*"/g, '')
      expect(known.get(shape) ?? alike).toBe(alike)
      known.set(shape, alike)
    }
    expect(known.size).toBeGreaterThan(50)
  })
})
