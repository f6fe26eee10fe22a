// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NUMBER_COLUMNS, requestText, rowKind } from '../../src/read/columns.ts'
import { findInputs } from '../../src/read/inputs.ts'
import { readRows, type ReadRowsOptions } from '../../src/read/read-rows.ts'
import { textOf, type RowBatch } from '../../src/read/row-batch.ts'
import { payloadLine, requestLine, requestLineAt } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function writeFiles(files: Readonly<Record<string, string | Uint8Array>>, folder = temporaryFolder()): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

interface ReadOptions extends ReadRowsOptions {
  readonly stdin?: AsyncIterable<Uint8Array>
}

async function read(paths: readonly string[], { stdin = Readable.from([]), ...options }: ReadOptions = {}) {
  const reading = readRows(await findInputs(paths, stdin), options)
  const ids: string[] = []
  const lines: number[] = []
  const inputs: number[] = []
  for await (const batch of reading) {
    for (let row = 0; row < batch.count; row++) {
      if (batch.kinds[row] === 0) continue
      ids.push(textOf({ batch, row }, requestText.requestId) ?? '')
      lines.push(batch.lines[row] ?? 0)
      inputs.push(batch.input)
    }
    reading.release(batch)
  }
  return { ids, lines, inputs, census: reading.census }
}

const linesAt = (name: string, times: readonly number[]): string =>
  times.map((timeMs) => `${requestLineAt(timeMs, `${name}${timeMs}`)}\n`).join('')

describe('the order of inputs', () => {
  it('is that of their first rows, whatever they are called', async () => {
    const folder = writeFiles({ 'a.jsonl': linesAt('a', [3000]), 'b.jsonl': linesAt('b', [1000]), 'c.jsonl': linesAt('c', [2000]) })
    const { ids, inputs, census } = await read([folder])
    expect(ids).toEqual(['b1000', 'c2000', 'a3000'])
    expect(inputs).toEqual([1, 2, 0])
    expect(census.inputs.map(({ name }) => name.slice(-7))).toEqual(['a.jsonl', 'b.jsonl', 'c.jsonl'])
  })

  it.each([
    ['segments of a sink that rolls', ['trace.000009.jsonl.gz', 'trace.000010.jsonl.gz', 'trace.000100.jsonl.gz']],
    ['objects of an S3 sink', ['host-a-235959-run1-000000.jsonl.gz', 'host-a-000001-run1-000001.jsonl.gz']],
  ])('is that of time for %s', async (_name, names) => {
    const files = names.map((name, index) => [name, gzipSync(linesAt('r', [index * 1000]))])
    const folder = writeFiles(Object.fromEntries(files) as Record<string, Uint8Array>)
    expect((await read([folder])).ids).toEqual(names.map((_, index) => `r${index * 1000}`))
  })

  it('mixes what overlaps, stretch by stretch', async () => {
    const times = Array.from({ length: 6000 }, (_, index) => index)
    const folder = writeFiles({
      'even.jsonl': linesAt('e', times.filter((time) => time % 2 === 0)),
      'odd.jsonl.gz': gzipSync(linesAt('o', times.filter((time) => time % 2 === 1))),
    })
    const { ids } = await read([folder], { blockBytes: 4096 })
    expect(new Set(ids).size).toBe(6000)
    const late = ids.map((id, place) => Math.abs(Number(id.slice(1)) - place))
    // Less than a few blocks of some twelve rows.
    expect(Math.max(...late)).toBeLessThan(60)
  })

  it('does not depend on rows that are damaged or payload', async () => {
    const folder = writeFiles({
      'a.jsonl': `not a row\n${payloadLine('p', 100_000)}\n${linesAt('a', [5000])}`,
      'b.jsonl': linesAt('b', [4000, 6000]),
    })
    expect((await read([folder])).ids[0]).toBe('b4000')
  })

  it('reads a pipe among files when its turn comes', async () => {
    const folder = writeFiles({ 'a.jsonl': linesAt('a', [1000]), 'b.jsonl': linesAt('b', [3000]) })
    const stdin = Readable.from([Buffer.from(linesAt('p', [2000]))])
    expect((await read([folder, '-'], { stdin })).ids).toEqual(['a1000', 'p2000', 'b3000'])
  })
})

describe('odd inputs', () => {
  it('reads a named pipe', async () => {
    const folder = temporaryFolder()
    const pipe = join(folder, 'pipe.jsonl')
    execFileSync('mkfifo', [pipe])
    const writing = import('node:fs/promises').then(({ writeFile }) => writeFile(pipe, gzipSync(linesAt('p', [1]))))
    expect((await read([pipe])).ids).toEqual(['p1'])
    await writing
  })

  it('passes over folders among the files of a folder, and tells links to nowhere and pipes', async () => {
    const folder = writeFiles({ 'a.jsonl': linesAt('a', [1]) })
    mkdirSync(join(folder, 'folder.jsonl'))
    symlinkSync('nowhere', join(folder, 'dangling.jsonl'))
    symlinkSync('loop.jsonl', join(folder, 'loop.jsonl'))
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')])
    for (const path of [folder, join(folder, '*.jsonl')]) {
      const { ids, census } = await read([path])
      expect(ids).toEqual(['a1'])
      const ends = census.inputs.map(({ name, end, found }) => ({ name: basename(name), end, found }))
      expect(ends).toEqual([
        { name: 'a.jsonl', end: 'whole', found: true },
        { name: 'dangling.jsonl', end: 'unreadable', found: true },
        { name: 'loop.jsonl', end: 'unreadable', found: true },
        { name: 'pipe.jsonl', end: 'unreadable', found: true },
      ])
    }
  })

  // Whoever reads his own memory from its first byte on gets an error.
  it.skipIf(process.platform !== 'linux')('goes on without a found file that fails when it is read', async () => {
    const folder = writeFiles({ 'b.jsonl': linesAt('b', [1, 2]) })
    const path = join(folder, 'a.jsonl')
    symlinkSync('/proc/self/mem', path)
    for (const jobs of [1, 2]) {
      const { ids, census } = await read([folder], { jobs })
      expect(ids).toEqual(['b1', 'b2'])
      expect(census.inputs).toMatchObject([{ end: 'unreadable' }, { end: 'whole' }])
    }
    const error = { code: 'DYN_INPUT_NOT_FOUND', message: `cannot read ${path}` }
    await expect(read([path, folder])).rejects.toMatchObject(error)
    await expect(read([folder, path])).rejects.toMatchObject(error)
  })

  it('says so where nothing that was found can be read', async () => {
    const folder = temporaryFolder()
    symlinkSync('nowhere', join(folder, 'a.jsonl'))
    const message = `no row in ${join(folder, 'a.jsonl')}: it cannot be read`
    await expect(read([folder])).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY', message })
  })

  it('reads lines as editors on Windows write them', async () => {
    const text = `\ufeff${linesAt('a', [1, 2]).replaceAll('\n', '\r\n')}\r\n`
    const { ids, census } = await read([writeFiles({ 'a.jsonl': text })])
    expect(ids).toEqual(['a1', 'a2'])
    expect(census.rows.read).toBe(2)
  })

  it.each(['dangling', 'loop'])('says that there is nothing at a %s link that was named', async (target) => {
    const path = join(temporaryFolder(), 'loop')
    symlinkSync(target, path)
    await expect(read([path])).rejects.toMatchObject({ code: 'DYN_INPUT_NOT_FOUND' })
  })
})

describe('the census', () => {
  const minute = 60_000

  it('numbers lines through all of an input', async () => {
    const folder = writeFiles({
      'a.jsonl': ['', requestLineAt(1, 'r1'), 'broken', payloadLine('p', 5000), requestLineAt(2, 'r2'), 'broken', ''].join('\n'),
    })
    const { lines, census } = await read([folder], { blockBytes: 512 })
    expect(lines).toEqual([2, 5])
    expect(census.inputs).toMatchObject([
      {
        rows: { read: 5, used: 2, payload: 1, skipped: 2, filtered: 0 },
        byType: { request_end: 2 },
        skipped: { 'not-json': { count: 2, firstLine: 3 } },
      },
    ])
    expect(census.skipped).toEqual({ 'not-json': { count: 2, first: `${folder}/a.jsonl:3` } })
  })

  it('tells the span of the clock and the silences in it', async () => {
    const times = [0, 1, 2, 70, 69, 71, 200, 259].map((seconds) => seconds * 1000)
    const folder = writeFiles({ 'a.jsonl': linesAt('a', times), 'b.jsonl': linesAt('b', [0, 30 * minute]) })
    const { census } = await read([folder])
    expect(census.inputs.map(({ clock }) => clock)).toEqual([
      { firstMs: 0, lastMs: 259_000, gaps: 2, longestGapMs: 129_000, longestGapFromMs: 71_000 },
      { firstMs: 0, lastMs: 30 * minute, gaps: 1, longestGapMs: 30 * minute, longestGapFromMs: 0 },
    ])
    expect(census.clock).toMatchObject({ firstMs: 0, lastMs: 30 * minute })
  })

  it('counts rows that are not wanted', async () => {
    const folder = writeFiles({ 'a.jsonl': linesAt('a', [1, 2, 3]) })
    const keep = (batch: RowBatch, row: number): boolean => batch.lines[row] === 2
    expect(await read([folder], { keep })).toMatchObject({
      ids: ['a2'],
      census: { rows: { read: 3, used: 1, filtered: 2 }, byType: { request_end: 1 }, clock: { firstMs: 2, lastMs: 2 } },
    })
    await expect(read([folder], { keep: () => false })).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
      message: `none of 3 rows in ${folder}/a.jsonl is wanted`,
    })
  })
})

describe('any number of jobs', () => {
  const blockBytes = 64 * 1024
  const folder = mkdtempSync(join(tmpdir(), 'trace-tools-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  beforeAll(() => {
    const odd = ['', 'broken', payloadLine('p', 200_000), requestLine('"quoted"\u00e9'), '{"schema":1}', requestLine('x'.repeat(150_000))]
    const lines = Array.from({ length: 12_000 }, (_, index) =>
      index % 2000 === 1900 ? (odd[Math.floor(index / 2000)] ?? '') : requestLineAt(index, `r${index}`),
    )
    const text = lines.join('\n')
    writeFiles({ 'a.jsonl': text, 'b.jsonl.gz': gzipSync(text.slice(0, 2_000_000), { level: 1 }) }, folder)
  })

  /** All that a consumer can see of the batches, in order. */
  async function digest(options: ReadRowsOptions): Promise<{ digest: string; census: object; batches: number }> {
    const reading = readRows(await findInputs([folder], Readable.from([])), options)
    const hash = createHash('sha256')
    let batches = 0
    for await (const batch of reading) {
      batches++
      const { input, count, lines, kinds, fingerprints, numbers, callEnds, blockEnds, blockHashes } = batch
      const texts = Array.from({ length: count }, (_, row) => textOf({ batch, row }, requestText.requestId))
      hash.update(`${input} ${lines.subarray(0, count).join()} ${texts.join()}`)
      for (const [columns, width] of [[kinds, 1], [callEnds, 1], [blockEnds, 1], [fingerprints, 2], [numbers, NUMBER_COLUMNS]] as const) {
        hash.update(columns.subarray(0, count * width))
      }
      hash.update(blockHashes.subarray(0, blockEnds[count - 1]))
      const { bytes = new Uint8Array(), ends = new Uint32Array() } = batch.details ?? {}
      hash.update(ends.subarray(0, count)).update(bytes.subarray(0, ends[count - 1]))
      reading.release(batch)
    }
    return { digest: hash.digest('hex'), census: reading.census, batches }
  }

  it.each(['perfetto', 'chrome-json'] as const)('gives the same batches, details of %s and census', async (format) => {
    const details = { format, timeline: {} }
    const one = await digest({ jobs: 1, blockBytes, details })
    expect(one.batches).toBeGreaterThan(20)
    expect(await digest({ jobs: 3, blockBytes, details, threadsAfterBytes: 200_000 })).toEqual(one)
  })

  it('gives whole batches to a consumer that keeps some of them for a while', async () => {
    const reading = readRows(await findInputs([join(folder, 'a.jsonl')], Readable.from([])), {
      jobs: 2,
      blockBytes,
      threadsAfterBytes: 1,
    })
    const kept: RowBatch[] = []
    let rows = 0
    const check = (batch: RowBatch): void => {
      for (let row = 0; row < batch.count; row++) {
        if (batch.kinds[row] === rowKind.request) rows++
      }
      expect(textOf({ batch, row: 0 }, requestText.requestId)).toBeDefined()
      reading.release(batch)
    }
    for await (const batch of reading) {
      kept.push(batch)
      if (kept.length > 3) kept.splice(0, 2).forEach(check)
    }
    kept.forEach(check)
    expect(rows).toBe(reading.census.rows.used)
  })

  it('lets the process end when a reader stops in the middle, or forgets to', () => {
    const script = `
      import { findInputs } from '${import.meta.resolve('../../src/read/inputs.ts')}'
      import { readRows } from '${import.meta.resolve('../../src/read/read-rows.ts')}'
      const options = { jobs: 2, blockBytes: ${blockBytes}, threadsAfterBytes: 1 }
      const open = async () => readRows(await findInputs([${JSON.stringify(folder)}], process.stdin), options)
      let seen = 0
      for await (const batch of await open()) if (++seen === 5) break
      const forgotten = (await open())[Symbol.asyncIterator]()
      for (let batch = 0; batch < 5; batch++) await forgotten.next()
      console.log('done')`
    const run = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })
    expect(run.toString()).toBe('done\n')
  })
})
