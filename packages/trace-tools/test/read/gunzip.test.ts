// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip, type GunzipReport } from '../../src/read/gunzip.ts'

const text = Array.from({ length: 5000 }, (_, index) => `line ${index * 7919} of many\n`).join('')

async function read(bytes: Uint8Array, pieceSize = 1000): Promise<{ text: string; report: GunzipReport }> {
  const report: GunzipReport = { gzip: false, end: 'whole' }
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += pieceSize) yield await Promise.resolve(bytes.subarray(at, at + pieceSize))
  })()
  const pieces: Uint8Array[] = []
  for await (const piece of gunzip(source, report)) pieces.push(piece)
  return { text: Buffer.concat(pieces).toString(), report }
}

describe('gunzip', () => {
  it.each([1, 2, 3, 1000, 1_000_000])('inflates what is gzip data, in pieces of %d bytes', async (pieceSize) => {
    const sample = pieceSize < 10 ? text.slice(0, 2000) : text
    expect(await read(gzipSync(sample), pieceSize)).toEqual({ text: sample, report: { gzip: true, end: 'whole' } })
  })

  it.each(['', 'x', text])('passes on what is not', async (plain) => {
    expect(await read(Buffer.from(plain))).toEqual({ text: plain, report: { gzip: false, end: 'whole' } })
  })

  it.each([7, 1000, 1_000_000])('reads one member after the other, in pieces of %d bytes', async (pieceSize) => {
    const members = Array.from({ length: 50 }, (_, index) => gzipSync(`member ${index}\n`))
    const { text: lines, report } = await read(Buffer.concat(members), pieceSize)
    expect(lines.split('\n')).toHaveLength(51)
    expect(report.end).toBe('whole')
  })

  it('gives what is there of a last member that was cut, and says so', async () => {
    const first = gzipSync('first\n')
    const second = gzipSync(text)
    const { text: lines, report } = await read(Buffer.concat([first, second.subarray(0, second.length >> 1)]))
    expect(report).toEqual({ gzip: true, end: 'torn' })
    expect(lines.startsWith('first\nline 0 of many\n')).toBe(true)
    expect(lines.length).toBeGreaterThan(text.length / 3)
    expect(text.startsWith(lines.slice('first\n'.length))).toBe(true)
  })

  it('tells a member that lacks nothing but its check sum', async () => {
    const member = gzipSync(text)
    expect(await read(member.subarray(0, -4))).toEqual({ text, report: { gzip: true, end: 'torn' } })
  })

  it('keeps what came before damaged data, and says so', async () => {
    const first = gzipSync(text)
    const second = gzipSync(text)
    second.fill(0xff, second.length >> 1, (second.length >> 1) + 100)
    const { text: lines, report } = await read(Buffer.concat([first, second]))
    expect(report.end).toBe('corrupt')
    expect(lines.startsWith(text)).toBe(true)
  })

  it('closes its source when the reader stops early', async () => {
    let closed = false
    const bytes = gzipSync(text)
    const source = (async function* () {
      try {
        for (let at = 0; at < bytes.length; at += 100) yield await Promise.resolve(bytes.subarray(at, at + 100))
      } finally {
        closed = true
      }
    })()
    for await (const _piece of gunzip(source, { gzip: false, end: 'whole' })) break
    expect(closed).toBe(true)
  })
})
