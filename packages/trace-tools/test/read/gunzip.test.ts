// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip, type GunzipReport, type ReadAgain } from '../../src/read/gunzip.ts'

const text = Array.from({ length: 5000 }, (_, index) => `line ${index * 7919} of many\n`).join('')

interface Read {
  readonly text: string
  readonly report: GunzipReport
}

/** Data that can be read again are inflated in another way, with the same result. */
async function read(bytes: Uint8Array, pieceSize = 1000): Promise<Read> {
  const once = await readOnce(bytes, pieceSize)
  expect(await readOnce(bytes, pieceSize, ({ from, to }) => pieces(bytes.subarray(from, to), 3000))).toEqual(once)
  return once
}

async function readOnce(bytes: Uint8Array, pieceSize: number, readAgain?: ReadAgain): Promise<Read> {
  const report: GunzipReport = { gzip: false, end: 'whole', lostBytes: 0 }
  const inflated: Uint8Array[] = []
  for await (const piece of gunzip(pieces(bytes, pieceSize), report, readAgain && { readAgain })) inflated.push(piece)
  return { text: Buffer.concat(inflated).toString(), report }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

function tarHeader(name: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name)
  header.write('ustar', 257)
  return header
}

describe('gunzip', () => {
  it.each([1, 2, 3, 1000, 1_000_000])('inflates what is gzip data, in pieces of %d bytes', async (pieceSize) => {
    const sample = pieceSize < 10 ? text.slice(0, 2000) : text
    expect(await read(gzipSync(sample), pieceSize)).toEqual({ text: sample, report: { gzip: true, end: 'whole', lostBytes: 0 } })
  })

  it('inflates dense data between others that are not', async () => {
    const blanks = `${' '.repeat(999)}\n`.repeat(20_000)
    const noise = randomBytes(300_000).toString('base64')
    const dense = `${noise}${blanks}${noise}`
    const { text: inflated, report } = await read(gzipSync(dense), 200_000)
    expect(inflated === dense).toBe(true)
    expect(report.end).toBe('whole')
  })

  it.each(['', 'x', text])('passes on what is not', async (plain) => {
    expect(await read(Buffer.from(plain))).toEqual({ text: plain, report: { gzip: false, end: 'whole', lostBytes: 0 } })
  })

  it.each([7, 1000, 1_000_000])('reads one member after the other, in pieces of %d bytes', async (pieceSize) => {
    const members = Array.from({ length: 50 }, (_, index) => gzipSync(`member ${index}\n`))
    const { text: lines, report } = await read(Buffer.concat(members), pieceSize)
    expect(lines.split('\n')).toHaveLength(51)
    expect(report.end).toBe('whole')
  })

  it.each([
    { kind: 'data without gzip data', bytes: Buffer.alloc(200_000, '\0\x01\xff\x1f\x8b\x08', 'latin1') },
    { kind: 'text that begins with zeros', bytes: Buffer.concat([Buffer.alloc(600), Buffer.from('{"schema":1}\n'), gzipSync(text)]) },
    { kind: 'a tar archive', bytes: Buffer.concat([tarHeader('trace.jsonl.gz'), gzipSync(text)]) },
  ])('passes on $kind', async ({ bytes }) => {
    const { text: passed, report } = await read(bytes)
    expect(passed).toBe(bytes.toString())
    expect(report).toEqual({ gzip: false, end: 'whole', lostBytes: 0 })
  })

  it('gives what is there of a last member that was cut, and says so', async () => {
    const first = gzipSync('first\n')
    const second = gzipSync(text)
    const { text: lines, report } = await read(Buffer.concat([first, second.subarray(0, second.length >> 1)]))
    expect(report).toEqual({ gzip: true, end: 'torn', lostBytes: 0 })
    expect(lines.startsWith('first\nline 0 of many\n')).toBe(true)
    expect(lines.length).toBeGreaterThan(text.length / 3)
    expect(text.startsWith(lines.slice('first\n'.length))).toBe(true)
  })

  it('tells a member that lacks nothing but its check sum', async () => {
    const member = gzipSync(text)
    expect(await read(member.subarray(0, -4))).toEqual({ text, report: { gzip: true, end: 'torn', lostBytes: 0 } })
  })

  it('keeps what came before damaged data, and says so', async () => {
    const first = gzipSync(text)
    const second = gzipSync(text)
    second.fill(0xff, second.length >> 1, (second.length >> 1) + 100)
    const { text: lines, report } = await read(Buffer.concat([first, second]))
    expect(report.end).toBe('corrupt')
    expect(lines.startsWith(text)).toBe(true)
  })

  it('keeps every byte of a member whose check sum is cut or damaged', async () => {
    const member = gzipSync('a few words that hardly compress: 0123456789\n')
    for (let missing = 0; missing <= 8; missing++) {
      const parts = [gzipSync('whole\n'), member.subarray(0, member.length - missing), Buffer.alloc(40, 0xff)]
      const { text: lines, report } = await read(Buffer.concat(parts))
      expect(lines).toBe('whole\na few words that hardly compress: 0123456789\n')
      expect(report.end).toBe('corrupt')
    }
  })

  it('passes over zeros after a member, as gzip does', async () => {
    const padded = Buffer.concat([gzipSync('a\n'), Buffer.alloc(70_000), gzipSync('b\n'), Buffer.alloc(1)])
    expect(await read(padded)).toEqual({ text: 'a\nb\n', report: { gzip: true, end: 'whole', lostBytes: 0 } })
  })

  it('does not take zeros inside a member for padding', async () => {
    const parts = [gzipSync('a\n'), gzipSync('b\n').subarray(0, 10), Buffer.alloc(5000)]
    const { text: lines, report } = await read(Buffer.concat(parts))
    expect(lines).toBe('a\n')
    expect(report.end).toBe('corrupt')
  })

  describe.each([1000, 65_536, 1_000_000])('with damage, in pieces of %d bytes', (pieceSize) => {
    const garbage = Buffer.from('garbage\x1f\x1f\x8b and more')
    const member = gzipSync(text)
    const damaged = Buffer.from(member)
    damaged.fill(0xff, member.length >> 1, (member.length >> 1) + 100)
    const small = gzipSync('first\n')

    it.each([
      { where: 'after a small member', parts: [small, garbage], expected: 'first\n', lost: garbage.length },
      { where: 'after a large member', parts: [member, garbage], expected: text, lost: garbage.length },
      {
        where: 'between members',
        parts: [member, garbage, small, garbage, member],
        expected: `${text}first\n${text}`,
        lost: 2 * garbage.length,
      },
      {
        where: 'that looks like a member',
        parts: [small, Buffer.from([0x1f, 0x8b, 0x08, 0xff, 1, 2, 3]), small],
        expected: 'first\nfirst\n',
        lost: 4,
      },
    ])('reads all members around garbage $where', async ({ parts, expected, lost }) => {
      const { text: lines, report } = await read(Buffer.concat(parts), pieceSize)
      expect(lines).toBe(expected)
      expect(report).toMatchObject({ end: 'corrupt' })
      // The first bytes of garbage may be taken for the beginning of a header.
      expect(report.lostBytes).toBeGreaterThanOrEqual(lost - 6)
      expect(report.lostBytes).toBeLessThanOrEqual(lost)
    })

    it.each([
      { where: 'in its magic', beginning: Buffer.from([0xe0, ...member.subarray(1)]), expected: `first\n${text}` },
      { where: 'in the other byte of it', beginning: Buffer.from([0x1f, 0xff, ...member.subarray(2)]), expected: `first\n${text}` },
      { where: 'of zeros', beginning: Buffer.alloc(3000), expected: `first\n${text}` },
      { where: 'of 100,000 bytes', beginning: Buffer.alloc(100_000, 0xff), expected: `first\n${text}` },
      { where: 'of a few words and zeros', beginning: Buffer.from('junk\0junk'), expected: `first\n${text}` },
    ])('reads all members behind a damaged beginning: $where', async ({ beginning, expected }) => {
      const { text: lines, report } = await read(Buffer.concat([beginning, small, member]), pieceSize)
      expect(lines).toBe(expected)
      expect(report).toEqual({ gzip: true, end: 'corrupt', lostBytes: beginning.length })
    })

    it('loses only the rest of a member that is damaged', async () => {
      const { text: lines, report } = await read(Buffer.concat([member, small, damaged, small, member]), pieceSize)
      expect(lines.startsWith(`${text}first\n${text.slice(0, text.length / 3)}`)).toBe(true)
      expect(lines.endsWith(`\nfirst\n${text}`)).toBe(true)
      expect(report).toMatchObject({ end: 'corrupt', lostBytes: expect.any(Number) as number })
      expect(report.lostBytes).toBeGreaterThan(member.length / 3)
      expect(report.lostBytes).toBeLessThan(member.length)
    })

    it.each([1, 7, 20, 300])('reads the member after one that lacks its last %d bytes', async (missing) => {
      const parts = [small, member.subarray(0, -missing), small, member]
      const { text: lines, report } = await read(Buffer.concat(parts), pieceSize)
      expect(lines.endsWith(text)).toBe(true)
      expect(lines.slice(-text.length - 7, -text.length)).toBe('\nfirst\n')
      expect(report.end).toBe('corrupt')
    })

    it('says that it is damaged, where the last member is cut too', async () => {
      const { text: lines, report } = await read(Buffer.concat([small, garbage, member.subarray(0, -9)]), pieceSize)
      expect(lines.startsWith(`first\n${text.slice(0, -100)}`)).toBe(true)
      expect(report).toMatchObject({ end: 'corrupt' })
    })

    it('gives nothing of a stub of 5 bytes, and says that it is cut', async () => {
      const stub = { text: '', report: { gzip: true, end: 'torn', lostBytes: 0 } }
      expect(await read(small.subarray(0, 5), pieceSize)).toEqual(stub)
      expect(await read(Buffer.concat([small, small.subarray(0, 5)]), pieceSize)).toEqual({ ...stub, text: 'first\n' })
    })
  })

  describe('after a member that was cut', () => {
    const rows = ['one of two rows', 'the other one'].map((row) => `{"${row}":0.7312}\n`)
    const small = gzipSync(rows.join(''))
    const large = gzipSync(text)
    const later = 'a row of the next member\n'

    /** Two bytes are no header of a member yet. */
    const lostBytes = (end: number): number => (end < 3 ? end : 0)
    const withEnd = (lines: string): string => (lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`)

    /** What is there of a member of which the end is missing. */
    async function linesOf(cutMember: Uint8Array): Promise<string> {
      return withEnd((await readOnce(cutMember, 1_000_000)).text)
    }

    it.each([1, 7, 1_000_000])('reads every row, wherever that is, in pieces of %d bytes', async (pieceSize) => {
      for (let end = 2; end < small.length; end++) {
        const member = small.subarray(0, end)
        const { text: lines, report } = await read(Buffer.concat([member, gzipSync(later)]), pieceSize)
        expect(lines, `cut at ${end}`).toBe((await linesOf(member)) + later)
        expect(report, `cut at ${end}`).toEqual({ gzip: true, end: 'corrupt', lostBytes: lostBytes(end) })
      }
    })

    it.each([0, 1, 9])('reads every row of all that follow, compressed by level %d', async (level) => {
      const parts = Array.from({ length: 5 }, () => gzipSync(rows.join(''), { level }))
      const [first = Buffer.alloc(0), ...others] = parts
      for (let end = 2; end < first.length; end++) {
        const member = first.subarray(0, end)
        const { text: lines } = await read(Buffer.concat([member, ...others]))
        expect(lines, `cut at ${end}`).toBe((await linesOf(member)) + rows.join('').repeat(4))
      }
    })

    it('makes no rows of the members that follow, however well their data go with those before', async () => {
      const other = gzipSync(text.replaceAll('many', 'more'))
      for (let place = 1; place < 12; place++) {
        const member = large.subarray(0, Math.floor((large.length * place) / 12))
        const { text: lines, report } = await read(Buffer.concat([member, other, small]), 65_536)
        expect(lines).toBe((await linesOf(member)) + text.replaceAll('many', 'more') + rows.join(''))
        expect(report).toEqual({ gzip: true, end: 'corrupt', lostBytes: 0 })
      }
    })

    it('reads what is there of others that were cut too', async () => {
      const cuts = [30, 21, 55].map((end) => small.subarray(0, end))
      const { text: lines, report } = await read(Buffer.concat([...cuts, gzipSync(later), ...cuts]))
      const expected = (await Promise.all(cuts.map(linesOf))).join('')
      expect(withEnd(lines)).toBe(expected + later + expected)
      expect(report).toEqual({ gzip: true, end: 'corrupt', lostBytes: 0 })
    })

    it.each([0, 6])('notices it where as many bytes are missing as a member has behind its data (level %d)', async (level) => {
      const member = gzipSync(rows.join(''), { level })
      const bytes = Buffer.concat([member.subarray(0, 25), member.subarray(33), gzipSync(later)])
      const { text: lines, report } = await read(bytes)
      expect(lines.endsWith(`\n${later}`)).toBe(true)
      expect(report.end).toBe('corrupt')
    })
  })

  it.each([1, 2, 40, 1_000_000])('does not take data that look like a header for one, in pieces of %d bytes', async (pieceSize) => {
    const headers = ['\x1f\x8b\x08', '\x1f\x8b\x08\0\0\0\0\0\0\x03', '\x1f\x8b', '\x1f']
    for (const header of headers) {
      const data = Buffer.from(`a${header}b${header} and more than a header, which no member has${header}`, 'latin1')
      const bytes = Buffer.concat([gzipSync(data, { level: 0 }), gzipSync('next\n')])
      const report = { gzip: true, end: 'whole', lostBytes: 0 }
      expect(await read(bytes, pieceSize)).toEqual({ text: `${data.toString()}next\n`, report })
    }
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
    for await (const _piece of gunzip(source, { gzip: false, end: 'whole', lostBytes: 0 })) break
    expect(closed).toBe(true)
  })
})
