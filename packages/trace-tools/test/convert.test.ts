// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { convertTrace, defaultOutputPath } from '../src/index.ts'
import { requestLine } from './support/rows.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const fixture = join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl')

function collector(): Writable & { readonly bytes: () => Buffer } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return Object.assign(stream, { bytes: () => Buffer.concat(chunks) })
}

describe('convertTrace', () => {
  it('writes a file and tells what it read and what the trace says', async () => {
    const folder = temporaryFolder()
    const output = join(folder, 'new', 'folder', 'out.pftrace')
    const result = await convertTrace({ inputs: [fixture], output })
    expect(result).toMatchObject({
      output,
      bytes: statSync(output).size,
      census: { rows: { read: 81, used: 81, skipped: 0 } },
      summary: { sessions: 1, trajectories: 4, requests: 27, toolCalls: { total: 27, errors: 3 } },
      duplicateRows: 0,
    })
    expect(readdirSync(join(folder, 'new', 'folder'))).toEqual(['out.pftrace'])
  })

  it('writes the same bytes for the same input, in pieces or whole, plain or from standard input', async () => {
    const folder = temporaryFolder()
    await convertTrace({ inputs: [fixture], output: join(folder, 'first') })
    const stdout = collector()
    const result = await convertTrace({
      inputs: ['-'],
      output: '-',
      stdin: Readable.from([readFileSync(fixture)]),
      stdout,
    })
    expect(stdout.bytes()).toEqual(readFileSync(join(folder, 'first')))
    expect(result.bytes).toBe(stdout.bytes().length)
    expect(stdout.writableEnded).toBe(false)
  })

  it('tells how many bytes are left once they are compressed, of each part too', async () => {
    const folder = temporaryFolder()
    const stdout = collector()
    const piped = await convertTrace({ inputs: [fixture], output: '-', gzip: true, stdout })
    expect(piped.bytes).toBe(stdout.bytes().length)
    expect(stdout.bytes().subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))

    const { bytes, parts } = await convertTrace({
      inputs: [fixture],
      output: join(folder, 'out.gz'),
      gzip: true,
      splitBy: 'session',
    })
    const sizes = parts.map(({ path }) => statSync(path).size)
    expect(sizes.length).toBeGreaterThan(1)
    expect(parts.map((part) => part.bytes)).toEqual(sizes)
    expect(bytes).toBe(sizes.reduce((sum, size) => sum + size))
  })

  it('writes Chrome JSON, with or without stages', async () => {
    const names = async (stages: boolean): Promise<Set<string>> => {
      const stdout = collector()
      await convertTrace({ inputs: [fixture], output: '-', format: 'chrome-json', timeline: { stages }, stdout })
      const events = JSON.parse(stdout.bytes().toString()) as { name: string }[]
      return new Set(events.map(({ name }) => name))
    }
    expect(await names(true)).toContain('decode')
    expect(await names(false)).not.toContain('decode')
  })

  it('counts a row once that comes in two shards', async () => {
    const folder = temporaryFolder()
    const copy = join(folder, 'copy.jsonl')
    writeFileSync(copy, readFileSync(fixture))
    const result = await convertTrace({ inputs: [fixture, copy], output: join(folder, 'out') })
    expect(result).toMatchObject({ summary: { requests: 27, toolCalls: { total: 27 } }, duplicateRows: 81 })
  })

  it('tells its progress', async () => {
    const rows: number[] = []
    await convertTrace({
      inputs: [join(fixtureFolder, 'dynamo-1.6.1-agent-run-rolled')],
      output: join(temporaryFolder(), 'out'),
      onProgress: ({ census }) => rows.push(census.rows.read),
    })
    expect(rows.length).toBeGreaterThanOrEqual(5)
    expect(rows.at(-1)).toBe(81)
  })
})

describe('an output that fails', () => {
  it.each(['missing', 'empty', 'text'])('leaves nothing, and what was there as it was: input %s', async (kind) => {
    const folder = temporaryFolder()
    const input = join(folder, 'input')
    if (kind !== 'missing') writeFileSync(input, kind === 'empty' ? '' : 'hello\n')
    const output = join(folder, 'out.pftrace')
    writeFileSync(output, 'from before')
    const before = readdirSync(folder)
    await expect(convertTrace({ inputs: [input], output })).rejects.toMatchObject({ code: /^DYN_INPUT_/ })
    expect(readFileSync(output, 'utf8')).toBe('from before')
    expect(readdirSync(folder)).toEqual(before)
  })

  it.each<[string, (folder: string) => string]>([
    ['is a folder', (folder) => folder],
    ['lies below a file', (folder) => join(folder, 'file', 'out.pftrace')],
    ['lies below a device', () => '/dev/null/out.pftrace'],
  ])('is unwritable where it %s', async (_name, outputIn) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(convertTrace({ inputs: [fixture], output: outputIn(folder) })).rejects.toMatchObject({
      code: 'DYN_OUTPUT_UNWRITABLE',
    })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('is refused where it is an input, under any name', async () => {
    const folder = temporaryFolder()
    const input = join(folder, 'trace.jsonl')
    writeFileSync(input, requestLine('r1'))
    symlinkSync(input, join(folder, 'link'))
    for (const output of [input, join(folder, 'link'), join(folder, '.', 'trace.jsonl')]) {
      await expect(convertTrace({ inputs: [folder], output })).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE' })
    }
    expect(readFileSync(input, 'utf8')).toBe(requestLine('r1'))
  })

  it('says so where standard output is closed', async () => {
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }))
      },
    })
    await expect(convertTrace({ inputs: [fixture], output: '-', stdout })).rejects.toMatchObject({
      code: 'DYN_OUTPUT_UNWRITABLE',
      cause: { code: 'EPIPE' },
    })
  })

  it('leaves nothing where somebody stops the conversion', async () => {
    const folder = temporaryFolder()
    const controller = new AbortController()
    const converting = convertTrace({
      inputs: [fixture],
      output: join(folder, 'out'),
      signal: controller.signal,
      onProgress: () => {
        controller.abort()
      },
    })
    await expect(converting).rejects.toMatchObject({ name: 'AbortError' })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('an output that is not a new file', () => {
  it('replaces what a link leads to, not the link', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'real'))
    const real = join(folder, 'real', 'out.pftrace')
    writeFileSync(real, 'from before')
    symlinkSync(real, join(folder, 'link'))
    const { bytes } = await convertTrace({ inputs: [fixture], output: join(folder, 'link') })
    expect(statSync(real).size).toBe(bytes)
    expect(readdirSync(folder).sort()).toEqual(['link', 'real'])
  })

  it.each(['out.pftrace', 'new/out.pftrace', 'other-link'])('makes what a link leads to where there is nothing yet: %s', async (target) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'links'))
    symlinkSync('../last.pftrace', join(folder, 'links', 'other-link'))
    const link = join(folder, 'links', 'link')
    symlinkSync(target, link)
    const { bytes } = await convertTrace({ inputs: [fixture], output: link })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(link).size).toBe(bytes)
    expect(existsSync(join(folder, 'last.pftrace'))).toBe(target === 'other-link')
  })

  it('refuses links that lead in a circle, and leaves them', async () => {
    const folder = temporaryFolder()
    symlinkSync('b', join(folder, 'a'))
    symlinkSync('a', join(folder, 'b'))
    await expect(convertTrace({ inputs: [fixture], output: join(folder, 'a') })).rejects.toMatchObject({
      code: 'DYN_OUTPUT_UNWRITABLE',
      cause: { code: 'ELOOP' },
    })
    expect(lstatSync(join(folder, 'a')).isSymbolicLink()).toBe(true)
  })

  it('goes into a device', async () => {
    const { bytes } = await convertTrace({ inputs: [fixture], output: '/dev/null' })
    expect(bytes).toBeGreaterThan(1000)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it('goes into a FIFO that somebody reads', async () => {
    const fifo = join(temporaryFolder(), 'fifo')
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0)
    const [{ bytes }, read] = await Promise.all([convertTrace({ inputs: [fixture], output: fifo }), readFile(fifo)])
    expect(read.length).toBe(bytes)
  })
})

describe('defaultOutputPath', () => {
  it.each<[string[], string]>([
    [['trace.jsonl'], 'trace.pftrace'],
    [['logs/trace.jsonl.gz'], 'logs/trace.pftrace'],
    [['/var/trace.000004.jsonl.gz', 'other.jsonl'], '/var/trace.pftrace'],
    [['run.2026.jsonl'], 'run.2026.pftrace'],
    [['capture'], 'capture.pftrace'],
    [['logs/'], 'logs.pftrace'],
    [['logs/*.jsonl'], 'trace.pftrace'],
    [['-'], '-'],
    [['.jsonl'], 'trace.pftrace'],
  ])('of %j is %s', (inputs, expected) => {
    expect(defaultOutputPath(inputs, { format: 'perfetto' })).toBe(expected)
  })

  it('has the ending of its format', () => {
    expect(defaultOutputPath(['trace.jsonl'], { format: 'chrome-json' })).toBe('trace.json')
  })
})
