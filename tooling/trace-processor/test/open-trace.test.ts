// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTrace } from '../src/index.ts'
import { tinyTrace } from './tiny-trace.ts'

const json = '[{"ph":"X","pid":1,"tid":2,"ts":10,"dur":5,"name":"a","cat":"c"}]'
const native = tinyTrace([
  { track: 1, name: 'lane' },
  { begin: 'a', on: 1, at: 10_000 },
  { end: 1, at: 15_000 },
])

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trace-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('openTrace', () => {
  it.each([
    { format: 'JSON', bytes: Buffer.from(json) },
    { format: 'native', bytes: native },
    { format: 'compressed', bytes: gzipSync(native) },
  ])('loads a $format trace from memory and from a file', async ({ format, bytes }) => {
    const path = join(folder, format)
    writeFileSync(path, bytes)
    for (const source of [bytes, path]) {
      using trace = await openTrace(source)
      expect(trace.query('select name, ts, dur from slice')).toEqual([{ name: 'a', ts: 10_000, dur: 5000 }])
    }
  })

  it('refuses what is no trace', async () => {
    await expect(openTrace(Buffer.from('not a trace at all'))).rejects.toThrow(/refuses the trace/)
  })

  it('refuses a file that does not exist', async () => {
    await expect(openTrace(join(folder, 'missing'))).rejects.toThrow(/ENOENT/)
  })

  it('keeps traces apart that are open at once', async () => {
    const [first, second] = await Promise.all([openTrace(native), openTrace(tinyTrace([{ track: 1, name: 'lane' }]))])
    expect(first.slices()).toHaveLength(1)
    expect(second.slices()).toHaveLength(0)
  })
})

describe('query', () => {
  it('gives each kind of value exactly', async () => {
    using trace = await openTrace(native)
    const rows = trace.query(
      `select 1 one, -1 minus, 9007199254740991 safe, 9007199254740993 big, -9223372036854775808 least,
              1.5 half, 2.0 two, null none, 'ä€😀' text, '' empty, x'00ff' blob`,
    )
    expect(rows).toEqual([
      {
        one: 1,
        minus: -1,
        safe: 9007199254740991,
        big: 9007199254740993n,
        least: -9223372036854775808n,
        half: 1.5,
        two: 2,
        none: null,
        text: 'ä€😀',
        empty: '',
        blob: Uint8Array.of(0, 255),
      },
    ])
  })

  it('gives many rows of strings and nulls in order', async () => {
    using trace = await openTrace(native)
    const rows = trace.query<{ n: number; text: string | null }>(
      `with recursive counter(n) as (select 1 union all select n + 1 from counter where n < 20000)
       select n, iif(n % 3 = 0, null, 'row ' || n) text from counter`,
    )
    expect(rows).toHaveLength(20_000)
    expect(rows.every(({ n, text }, index) => n === index + 1 && text === (n % 3 === 0 ? null : `row ${n}`))).toBe(true)
  })

  it('gives no rows for an empty result', async () => {
    using trace = await openTrace(native)
    expect(trace.query('select * from slice where 0')).toEqual([])
  })

  it('refuses bad SQL and goes on', async () => {
    using trace = await openTrace(native)
    expect(() => trace.query('select nonsense')).toThrow(/no such column: nonsense/)
    expect(trace.query('select 1 one')).toEqual([{ one: 1 }])
  })

  it('refuses after close, which may come twice', async () => {
    const trace = await openTrace(native)
    trace.close()
    trace.close()
    expect(() => trace.query('select 1')).toThrow('the trace is closed')
  })
})
