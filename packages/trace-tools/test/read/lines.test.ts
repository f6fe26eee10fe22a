// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { splitLines, type SplitLinesOptions } from '../../src/read/lines.ts'

interface Line {
  readonly text: string
  readonly line: number
  readonly torn: boolean
}

async function split(chunks: readonly (string | number[])[], options?: SplitLinesOptions): Promise<Line[]> {
  const source = (async function* () {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk as string))
  })()
  const result: Line[] = []
  for await (const { lines, firstLine, torn } of splitLines(source, options)) {
    for (const [index, line] of lines.entries()) {
      result.push({ text: Buffer.from(line).toString(), line: firstLine + index, torn })
    }
  }
  return result
}

const texts = async (chunks: readonly (string | number[])[]): Promise<string[]> =>
  (await split(chunks)).map(({ text }) => text)

describe('splitLines', () => {
  it.each<[string, (string | number[])[], string[]]>([
    ['lines in one piece', ['a\nb\nc\n'], ['a', 'b', 'c']],
    ['a line over several pieces', ['a', 'b', 'c\nd', 'e\n'], ['abc', 'de']],
    ['a line end on its own', ['abc', '\n', 'd\n'], ['abc', 'd']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['CRLF cut in the middle', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['a byte order mark', ['\ufeffa\nb\n'], ['a', 'b']],
    ['a byte order mark in pieces', [[0xef], [0xbb, 0xbf], 'a\n'], ['a']],
    ['a byte order mark in a later line is text', ['a\n\ufeffb\n'], ['a', '\ufeffb']],
    ['blank lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['characters of several bytes cut in the middle', [[0xc3], [0xa4, 0x0a]], ['ä']],
    ['nothing', [], []],
    ['empty pieces', ['', 'a', '', '\n', ''], ['a']],
  ])('splits %s', async (_name, chunks, expected) => {
    expect(await texts(chunks)).toEqual(expected)
  })

  it('tells the last line that has no end', async () => {
    expect(await split(['a\nb'])).toEqual([
      { text: 'a', line: 1, torn: false },
      { text: 'b', line: 2, torn: true },
    ])
  })

  it('numbers lines across pieces', async () => {
    expect((await split(['a\nb\n', 'c\nd', '\ne'])).map(({ line }) => line)).toEqual([1, 2, 3, 4, 5])
  })

  it('gives the same lines however the bytes are cut', async () => {
    const bytes = [...Buffer.from('{"a":"ä"}\r\n\n{"b":2}\nrest')]
    const whole = await split([bytes])
    for (let size = 1; size < bytes.length; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      )
      expect(await split(pieces)).toEqual(whole)
    }
  })

  it('empties a line that is too long, tells its number, and goes on', async () => {
    const tooLong: number[] = []
    const lines = await split(['ab\n12345', '678\ncd\n123456'], {
      maxLineBytes: 5,
      onTooLong: (line) => tooLong.push(line),
    })
    expect(lines.map(({ text }) => text)).toEqual(['ab', '', 'cd', ''])
    expect(tooLong).toEqual([2, 4])
  })
})
