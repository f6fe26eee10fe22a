// SPDX-License-Identifier: Apache-2.0
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BYTES_BEHIND } from '../../src/read/block.ts'
import { readBlocks, type ReadBlocksOptions } from '../../src/read/blocks.ts'
import { openText, streamSource } from '../../src/read/byte-source.ts'
import { readUnread } from '../../src/read/read-unread.ts'
import { payloadLine } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A block as the text that it holds; a line that is passed over as what it is; cut ones with a question mark. */
async function cut(
  text: string,
  { blockBytes = 16, maxLineBytes = 1000, pieceBytes = 7 }: Partial<ReadBlocksOptions> & { pieceBytes?: number } = {},
): Promise<string[]> {
  const bytes = Buffer.from(text)
  const source = streamSource(
    (async function* () {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        yield await Promise.resolve(bytes.subarray(at, at + pieceBytes))
      }
    })(),
  )
  const stretches: string[] = []
  // Of memory that was used before, it is a Buffer.
  const takeBuffer = (length: number): Uint8Array => Buffer.alloc(length, 0x7e)
  for await (const stretch of readBlocks(source, { blockBytes, maxLineBytes, takeBuffer })) {
    const mark = stretch.torn ? '?' : ''
    if (stretch.kind === 'passed-over') {
      stretches.push(stretch.as + mark)
      continue
    }
    const { bytes: block, start, end } = stretch.block
    expect(block.length - end).toBeGreaterThanOrEqual(BYTES_BEHIND)
    stretches.push(Buffer.from(block.subarray(start, end)).toString() + mark)
    // Another thread has it now.
    structuredClone(block.buffer, { transfer: [block.buffer as ArrayBuffer] })
  }
  return stretches
}

interface CutFileOptions {
  readonly blockBytes: number
  /** Blocks are left unread each time that this divides how often it was asked. */
  readonly every: number
  /** Told how many blocks were read before, each time that one is read. */
  readonly onBlock?: (count: number) => void
}

/** The blocks of a file, some of which were left unread. */
async function cutFile(path: string, { blockBytes, every, onBlock }: CutFileOptions): Promise<string[]> {
  const input = { name: path, file: { path, bytes: 0 }, open: () => Readable.from([]) }
  const source = await openText(input, { bytes: 0, gzip: false, end: 'whole', lostBytes: 0 })
  onTestFinished(() => source.close())
  let asked = 0
  let unread = 0
  const blocks: string[] = []
  const takeBuffer = (length: number): Uint8Array => new Uint8Array(length)
  const leavesUnread = (): boolean => asked++ % every === 0
  for await (const stretch of readBlocks(source, { blockBytes, maxLineBytes: 1000, takeBuffer, leavesUnread })) {
    if (stretch.kind !== 'block') continue
    onBlock?.(blocks.length)
    if (stretch.block.unread) unread++
    const { bytes, start, end } = stretch.block.unread ? readUnread(stretch.block, stretch.block.unread) : stretch.block
    blocks.push(Buffer.from(bytes.subarray(start, end)).toString() + (stretch.torn ? '?' : ''))
  }
  expect(unread).toBeGreaterThan(0)
  return blocks
}

describe('readBlocks', () => {
  it.each<[string, string, string[]]>([
    ['as many lines as there is room for', 'aaaa\nbbbb\ncccc\ndddd\n', ['aaaa\nbbbb\ncccc\n', 'dddd\n']],
    ['a line that just fits', `${'a'.repeat(15)}\nb\n`, [`${'a'.repeat(15)}\n`, 'b\n']],
    ['a line that is longer than a block', `a\n${'b'.repeat(40)}\nc\n`, ['a\n', `${'b'.repeat(40)}\nc\n`]],
    ['blank lines', '\n\n\n', ['\n\n\n']],
    ['the last line without a line end on its own', 'a\n{"b":1}', ['a\n', '{"b":1}\n']],
    ['a last line that is cut', 'a\n{"b":', ['a\n', '{"b":\n?']],
    ['text behind a byte order mark', '\ufeffa\nb\n', ['a\nb\n']],
    ['nothing of a byte order mark alone', '\ufeff', []],
    ['nothing', '', []],
  ])('gives %s', async (_name, text, expected) => {
    expect(await cut(text)).toEqual(expected)
  })

  it('cuts at the same places however the bytes come', async () => {
    const text = Array.from({ length: 40 }, (_, index) => 'x'.repeat((index * 7) % 60)).join('\n')
    const blocks = await cut(text)
    expect(blocks.join('')).toBe(`${text}\n?`)
    for (const pieceBytes of [1, 2, 16, 17, 1000]) expect(await cut(text, { pieceBytes })).toEqual(blocks)
  })

  it('cuts at the same places where blocks are left to others to read', async () => {
    const path = join(temporaryFolder(), 'lines')
    const text = Array.from({ length: 400 }, (_, index) => 'x'.repeat((index * 7) % (index % 50 === 0 ? 300 : 30))).join('\n')
    writeFileSync(path, text)
    const expected = await cut(text, { blockBytes: 64 })
    for (const every of [1, 2, 3, 7]) expect(await cutFile(path, { blockBytes: 64, every })).toEqual(expected)
  })

  it('gives what is left of a file that became shorter while others were reading, and ends the line that was cut', async () => {
    const path = join(temporaryFolder(), 'lines')
    writeFileSync(path, 'aaaa\nbbbb\n'.repeat(20))
    const onBlock = (count: number): void => {
      if (count === 2) truncateSync(path, 42)
    }
    const blocks = await cutFile(path, { blockBytes: 16, every: 1, onBlock })
    expect(blocks.join('')).toBe(`${'aaaa\nbbbb\n'.repeat(4)}aa\n`)
  })

  it.each([
    ['at the end', `a\n${'b'.repeat(101)}`, ['a\n', 'too-long']],
    ['between others', `a\n${'b'.repeat(300)}\nc\n${'d'.repeat(100)}\n`, ['a\n', 'too-long', 'c\n', 'too-long']],
    ['of just the right length is not: it', `${'a'.repeat(99)}\n`, [`${'a'.repeat(99)}\n`]],
  ])('a line that is too long %s is passed over', async (_name, text, expected) => {
    expect(await cut(text, { maxLineBytes: 100 })).toEqual(expected)
  })

  const payload = payloadLine('r1', 3000)
  it.each([
    ['whole', `a\n${payload}\nb\n`, ['a\n', 'payload', 'b\n']],
    ['cut', `a\n${payload.slice(0, -20)}`, ['a\n', 'payload?']],
    ['without a line end', `a\n${payload}`, ['a\n', 'payload']],
    ['after another one', `${payload}\n${payload}\n`, ['payload', 'payload']],
  ])('passes over a payload row that is longer than a block, however long: %s', async (_name, text, expected) => {
    expect(await cut(text, { blockBytes: 512, maxLineBytes: 2000, pieceBytes: 100 })).toEqual(expected)
  })
})
