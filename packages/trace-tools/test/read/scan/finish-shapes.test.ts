// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { CallHash } from '../../../src/read/call-hash.ts'
import { requestText } from '../../../src/read/columns.ts'
import { textOf } from '../../../src/read/row-batch.ts'
import { createScanner } from '../../../src/read/scan/scanner.ts'
import { seededRandom } from '../../write/seeded-random.ts'

const row =
  '{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1,"request":{"request_id":"r","finish_reason_metadata":'

/** Reads texts one after the other, each as the only thing of a row that is of interest. */
function createReader() {
  const scan = createScanner()
  return (json: string) => {
    const bytes = Buffer.from(`${row}${json}}}\n`)
    const { batch } = scan({ bytes, start: 0, end: bytes.length })
    const { count, callEnds, calls, finishShapes } = batch
    return {
      count,
      shape: finishShapes[0] ?? 0,
      calls: [...calls.subarray(0, (callEnds[0] ?? 0) * 2)],
      text: textOf({ batch, row: 0 }, requestText.finish),
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

describe('the shape of finish_reason_metadata', () => {
  it('is one number for texts that differ in ids, and the ids are told', () => {
    const read = createReader()
    read(finish(call('a', 'bash'), call('b', 'grep')))
    const first = read(finish(call('call-1', 'bash'), call('', 'grep')))
    const second = read(finish(call('call-3-which-is-longer', 'bash'), call('call-4', 'grep')))
    expect(first.shape).toBeGreaterThan(0)
    expect(second.shape).toBe(first.shape)
    expect(first.calls).toEqual(hashesOf('call-1', ''))
    expect(second.calls).toEqual(hashesOf('call-3-which-is-longer', 'call-4'))
  })

  it('is different where anything else is', () => {
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
  ])('is not known with %s', (_name, text) => {
    const read = createReader()
    const regular = finish(call('1', 'a'), call('2', 'b'))
    for (const other of [regular, text, regular, text]) {
      const { shape, calls, text: found } = read(other)
      expect(found).toBe(other)
      if (other === text) expect({ shape, calls }).toEqual({ shape: 0, calls: [] })
    }
  })

  it('is not known where an id needs decoding', () => {
    const read = createReader()
    read(finish(call('1', 'a')))
    expect(read(finish(call('ä', 'a')))).toMatchObject({ shape: 0, calls: [] })
  })

  it('is the same for random texts that are alike, and for no others', () => {
    const random = seededRandom(9)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]
    const read = createReader()
    const known = new Map<number, string>()
    for (let round = 0; round < 3000; round++) {
      const calls = Array.from({ length: Math.floor(random() * 4) }, () =>
        call('x'.repeat(Math.floor(random() * 5)), pick(['bash', 'bas', 'read', 'h"', 'ü']) ?? ''),
      )
      const json = JSON.stringify({ finish_reason: pick(['stop', 'length']), ...(calls.length > 0 && { tool_calls: calls }) })
      const { text, shape, calls: hashes } = read(json)
      expect(text).toBe(json)
      if (shape === 0) continue
      expect(hashes).toEqual(hashesOf(...calls.map(({ id }) => id)))
      const alike = json.replaceAll(/"id":"[^"]*"/g, '')
      expect(known.get(shape) ?? alike).toBe(alike)
      known.set(shape, alike)
    }
    expect(known.size).toBeGreaterThan(50)
  })
})
