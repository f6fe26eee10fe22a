// SPDX-License-Identifier: Apache-2.0
import { createJsonlSink, type JsonlSinkOptions } from '@dynamo-agent/jsonl-sink'
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countMembers, readFolder, readRows, row, rows, temporaryFolder } from './support.ts'

const formats = ['jsonl', 'jsonl_gz'] as const

function sinkIn(folder: string, options: Partial<JsonlSinkOptions> = {}) {
  const path = join(folder, 'trace.jsonl')
  return { path, sink: createJsonlSink({ path, ...options }) }
}

describe('jsonl', () => {
  it('is the path as given, appended to over restarts and never rolled', async () => {
    const folder = temporaryFolder()
    for (const first of [0, 30]) {
      const { path, sink } = sinkIn(folder, { rollLines: 20, rollBytes: 10 })
      for (const line of rows(30, first)) sink.write(line)
      await sink.close()
      expect(sink.files).toEqual([path])
    }
    expect(readFolder(folder)).toEqual({ 'trace.jsonl': rows(60) })
  })

  it('makes missing folders with the first row, and nothing before', async () => {
    const folder = join(temporaryFolder(), 'a', 'b')
    const { path, sink } = sinkIn(folder)
    await sink.flush()
    expect(existsSync(folder)).toBe(false)
    sink.write(row(0))
    await sink.flush()
    expect(readRows(path)).toEqual([row(0)])
    await sink.close()
  })
})

describe('jsonl_gz', () => {
  it.each([
    ['trace.jsonl', 'trace.000000.jsonl.gz'],
    ['trace.jsonl.gz', 'trace.000000.jsonl.gz'],
    ['trace', 'trace.000000.jsonl.gz'],
    ['trace.gz', 'trace.gz.000000.jsonl.gz'],
    ['my.trace.v1', 'my.trace.v1.000000.jsonl.gz'],
  ])('names the first file of %s %s', async (name, file) => {
    const folder = temporaryFolder()
    const sink = createJsonlSink({ path: join(folder, name), format: 'jsonl_gz' })
    sink.write(row(0))
    await sink.close()
    expect(readFolder(folder)).toEqual({ [file]: [row(0)] })
    expect(sink.files).toEqual([join(folder, file)])
  })

  it('writes one complete gzip member for each flush, and the members read back as one text', async () => {
    const { sink } = sinkIn(temporaryFolder(), { format: 'jsonl_gz' })
    for (const line of rows(5)) {
      sink.write(line)
      await sink.flush()
    }
    const [file] = sink.files
    expect(countMembers(file!)).toBe(5)
    expect(readRows(file!)).toEqual(rows(5))
    await sink.close()
  })

  it('rolls at 20 rows into files of exactly 20, wherever the flushes fall', async () => {
    const folder = temporaryFolder()
    const { sink } = sinkIn(folder, { format: 'jsonl_gz', rollLines: 20 })
    for (let index = 0; index < 105; index++) {
      sink.write(row(index))
      if (index % 7 === 6) await sink.flush()
    }
    await sink.close()
    const files = readFolder(folder)
    expect(Object.keys(files)).toEqual([0, 1, 2, 3, 4, 5].map((index) => `trace.00000${index}.jsonl.gz`))
    expect(Object.values(files).map(({ length }) => length)).toEqual([20, 20, 20, 20, 20, 5])
    expect(Object.values(files).flat()).toEqual(rows(105))
  })

  it('rolls before the row that would exceed the uncompressed size; a huge row has a file of its own', async () => {
    const folder = temporaryFolder()
    const { sink } = sinkIn(folder, { format: 'jsonl_gz', rollBytes: 10 })
    for (const line of ['1234', '1234', '1', '12345678901234567890', '1']) sink.write(line)
    await sink.close()
    expect(Object.values(readFolder(folder))).toEqual([['1234', '1234'], ['1'], ['12345678901234567890'], ['1']])
  })

  it('starts at the first number that does not exist, also when two write at the same time', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'trace.000000.jsonl.gz'), '')
    const sinks = [sinkIn(folder, { format: 'jsonl_gz' }).sink, sinkIn(folder, { format: 'jsonl_gz' }).sink]
    for (const sink of sinks) sink.write(row(0))
    await Promise.all(sinks.map((sink) => sink.close()))
    expect(readdirSync(folder).sort()).toEqual([0, 1, 2].map((index) => `trace.00000${index}.jsonl.gz`))
    expect(new Set(sinks.flatMap(({ files }) => files)).size).toBe(2)
  })
})

describe('flushing', () => {
  it('happens after the interval', async () => {
    const { path, sink } = sinkIn(temporaryFolder(), { flushIntervalMs: 20 })
    sink.write(row(0))
    expect(sink.counters).toMatchObject({ waiting: 1, written: 0 })
    await expect.poll(() => sink.counters.written).toBe(1)
    expect(readRows(path)).toEqual([row(0)])
    await sink.close()
  })

  it('happens when enough bytes wait, never within the turn that writes', async () => {
    const { path, sink } = sinkIn(temporaryFolder(), { bufferBytes: 50, flushIntervalMs: 60_000 })
    for (const line of rows(10)) sink.write(line)
    expect(existsSync(path)).toBe(false)
    await expect.poll(() => sink.counters.written).toBe(10)
    expect(readRows(path)).toEqual(rows(10))
    await sink.close()
  })

  it('splits a large backlog into writes of the buffer size', async () => {
    const { sink } = sinkIn(temporaryFolder(), { format: 'jsonl_gz', bufferBytes: 100 })
    for (const line of rows(100, 100)) sink.write(line)
    await sink.flush()
    expect(countMembers(sink.files[0]!)).toBe(Math.ceil(100 / Math.ceil(100 / 12)))
    expect(readRows(sink.files[0]!)).toEqual(rows(100, 100))
    await sink.close()
  })

  it('waits for rows that another flush has taken', async () => {
    const { sink } = sinkIn(temporaryFolder())
    sink.write(row(0))
    const first = sink.flush()
    await sink.flush()
    expect(sink.counters.written).toBe(1)
    await first
    await sink.close()
  })
})

describe('counters', () => {
  it('tell where every row is', async () => {
    const { sink } = sinkIn(temporaryFolder(), { capacityBytes: 25 })
    for (const line of ['äöü', '123456789', '1234567890', 'x']) sink.write(line)
    expect(sink.counters).toMatchObject({ waiting: 3, written: 0, dropped: 1, byReason: { capacity: 1 } })
    await sink.close()
    sink.write(row(0))
    expect(sink.counters).toMatchObject({
      waiting: 0,
      written: 3,
      writtenBytes: 7 + 10 + 2,
      dropped: 2,
      byReason: { capacity: 1, closed: 1, disk: 0, timeout: 0 },
    })
  })
})

describe('closing', () => {
  it('writes what waits, may happen twice and returns the same promise', async () => {
    const { path, sink } = sinkIn(temporaryFolder(), { flushIntervalMs: 60_000 })
    for (const line of rows(1000)) sink.write(line)
    const first = sink.close()
    expect(sink.close()).toBe(first)
    await first
    expect(readRows(path)).toEqual(rows(1000))
  })

  it('happens at the end of an `await using` block', async () => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    {
      await using sink = createJsonlSink({ path })
      sink.write(row(0))
    }
    expect(readRows(path)).toEqual([row(0)])
  })

  it('is over in time when the disk hangs, and counts what did not get there', async () => {
    const path = join(temporaryFolder(), 'pipe')
    execFileSync('mkfifo', [path])
    const sink = createJsonlSink({ path, closeTimeoutMs: 50 })
    sink.write(row(0))
    void sink.flush()
    sink.write(row(1))
    await sink.close()
    expect(sink.counters).toMatchObject({ waiting: 1, written: 0, dropped: 1, byReason: { timeout: 1 } })
    const reader = createReadStream(path).resume()
    await expect.poll(() => sink.counters).toMatchObject({ waiting: 0, written: 1, dropped: 1 })
    reader.destroy()
  })
})

describe('a disk that fails', () => {
  it.each(formats)('is counted and shown, never thrown: a parent that is a file (%s)', async (format) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const sink = createJsonlSink({ path: join(folder, 'file', 'trace.jsonl'), format })
    for (const line of rows(3)) sink.write(line)
    await sink.flush()
    expect(sink.counters).toMatchObject({ waiting: 0, written: 0, dropped: 3, byReason: { disk: 3 } })
    expect(sink.problem).toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', cause: { code: 'ENOTDIR' } })
    expect(sink.files).toEqual([])
    await expect(sink.open()).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE' })
    await sink.close()
  })

  it.runIf(existsSync('/dev/full'))('is counted when it is full', async () => {
    const sink = createJsonlSink({ path: '/dev/full' })
    sink.write(row(0))
    await sink.close()
    expect(sink.counters).toMatchObject({ written: 0, dropped: 1, byReason: { disk: 1 } })
    expect(sink.problem).toMatchObject({ cause: { code: 'ENOSPC' } })
  })

  it('is written to again when it recovers, without an empty line', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'file', 'trace.jsonl')
    writeFileSync(join(folder, 'file'), '')
    const sink = createJsonlSink({ path })
    sink.write(row(0))
    await sink.flush()
    execFileSync('rm', [join(folder, 'file')])
    sink.write(row(1))
    await sink.close()
    expect(readRows(path)).toEqual([row(1)])
    expect(sink.counters).toMatchObject({ written: 1, dropped: 1 })
  })
})

describe('open', () => {
  it.each(formats)('makes the folder, and no file (%s)', async (format) => {
    const folder = join(temporaryFolder(), 'new', 'folder')
    await Promise.all(Array.from({ length: 5 }, () => sinkIn(folder, { format }).sink.open()))
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.getuid?.() === 0)('fails for a file that may not be written', async () => {
    const { path, sink } = sinkIn(temporaryFolder())
    writeFileSync(path, '', { mode: 0o400 })
    await expect(sink.open()).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', cause: { code: 'EACCES' } })
  })

  it.runIf(existsSync('/proc/self'))('fails, and does not hang, where no folder can be made', async () => {
    const sink = createJsonlSink({ path: '/proc/nope/deep/trace.jsonl' })
    await expect(sink.open()).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', cause: { code: 'ENOENT' } })
    sink.write(row(0))
    await sink.close()
    expect(sink.counters).toMatchObject({ waiting: 0, dropped: 1, byReason: { disk: 1, timeout: 0 } })
  })

  it('keeps what a file holds already', async () => {
    const folder = temporaryFolder()
    const { path, sink } = sinkIn(folder)
    writeFileSync(path, `${row(0)}\n`)
    await sink.open()
    sink.write(row(1))
    await sink.close()
    expect(readRows(path)).toEqual(rows(2))
  })
})

it.each([{ bufferBytes: 0 }, { flushIntervalMs: Number.NaN }, { rollLines: -1 }, { capacityBytes: 0 }])(
  'refuses %j',
  (options) => {
    expect(() => createJsonlSink({ path: 'x', ...options })).toThrow(
      expect.objectContaining({ code: 'DYN_INVALID_OPTION' }),
    )
  },
)
