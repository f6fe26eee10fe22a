// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createIndenter } from '../../../src/write/chrome-json/indenter.ts'

/** Indents JSON that comes in pieces of so many bytes. */
function indent(json: string, pieceBytes: number): string {
  const pieces: Uint8Array[] = []
  const put = createIndenter((piece) => pieces.push(piece))
  const bytes = Buffer.from(json)
  for (let at = 0; at < bytes.length; at += pieceBytes) put(bytes.subarray(at, at + pieceBytes))
  return Buffer.concat(pieces).toString()
}

it.each([
  ['[]'],
  ['{}'],
  ['[{},[]]'],
  ['{"a":1,"b":[1,2,{"c":null}],"d":"x"}'],
  ['["[{,:}] \\" \\\\","\\\\\\"",""]'],
  ['["naïve 漢字 🙂"]'],
  ['[\n{"a":1},\n{"b": 2}\n]\n'],
])('%s is indented as JSON.stringify does it, in pieces of any size', (json) => {
  for (const pieceBytes of [1, 2, 3, 1000]) {
    expect(indent(json, pieceBytes)).toBe(`${JSON.stringify(JSON.parse(json), null, 2)}\n`)
  }
})

it('keeps numbers as they are', () => {
  expect(indent('[1.0,18446744073709551615]', 7)).toBe('[\n  1.0,\n  18446744073709551615\n]\n')
})
