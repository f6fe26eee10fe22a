// SPDX-License-Identifier: Apache-2.0
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readTrace, type Census, type ReadTraceOptions } from '../../src/index.ts'
import { payloadLine, requestLine } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function read(
  paths: readonly string[],
  options?: ReadTraceOptions,
): Promise<{ readonly ids: string[]; readonly census: Census }> {
  const reading = readTrace(paths, options)
  const ids: string[] = []
  for await (const batch of reading) {
    for (const record of batch) ids.push(record.type === 'request_end' ? record.request.requestId : record.type)
  }
  return { ids, census: reading.census }
}

function writeTrace(content: string | Uint8Array, name = 'trace.jsonl'): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, content)
  return path
}

describe('where a trace is read from', () => {
  it('reads a folder: its *.jsonl and *.jsonl.gz by name, no others and none below', async () => {
    const folder = temporaryFolder()
    for (const index of [10, 2, 0]) writeFileSync(join(folder, `trace.${index}.jsonl`), `${requestLine(`r${index}`)}\n`)
    writeFileSync(join(folder, 'trace.1.jsonl.gz'), gzipSync(requestLine('r1')))
    writeFileSync(join(folder, 'notes.txt'), 'no trace')
    mkdirSync(join(folder, 'folder.jsonl'))
    writeFileSync(join(folder, 'folder.jsonl', 'deep.jsonl'), requestLine('deep'))
    symlinkSync('nowhere', join(folder, 'dangling.jsonl'))
    expect((await read([folder])).ids).toEqual(['r0', 'r1', 'r2', 'r10'])
  })

  it('reads the files that a pattern matches', async () => {
    const folder = temporaryFolder()
    for (const name of ['a1', 'a2', 'b1']) writeFileSync(join(folder, `${name}.jsonl`), requestLine(name))
    expect((await read([join(folder, 'a*.jsonl')])).ids).toEqual(['a1', 'a2'])
  })

  it('takes a file whose name looks like a pattern as that file', async () => {
    expect((await read([writeTrace(requestLine('r1'), 'trace[1].jsonl')])).ids).toEqual(['r1'])
  })

  it('reads a file once, whatever it is called', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'trace.jsonl')
    writeFileSync(path, requestLine('r1'))
    symlinkSync(path, join(folder, 'symbolic.jsonl'))
    linkSync(path, join(folder, 'hard.jsonl'))
    expect((await read([path, path, folder, join(folder, 'symbolic.jsonl')])).ids).toEqual(['r1'])
  })

  it('keeps the order in which files are named', async () => {
    const folder = temporaryFolder()
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), requestLine(name))
    expect((await read([join(folder, 'b'), join(folder, 'a')])).ids).toEqual(['b', 'a'])
  })

  it('reads standard input, gzip data too', async () => {
    const stdin = Readable.from([gzipSync(requestLine('r1'))])
    const { ids, census } = await read(['-'], { stdin })
    expect(ids).toEqual(['r1'])
    expect(census.inputs).toMatchObject([{ name: '-', gzip: true }])
  })

  it('knows gzip data by their content, not by a name', async () => {
    expect((await read([writeTrace(gzipSync(requestLine('r1')))])).ids).toEqual(['r1'])
    expect((await read([writeTrace(requestLine('r1'), 'trace.jsonl.gz')])).ids).toEqual(['r1'])
  })
})

describe('the census', () => {
  it('counts every row, what was skipped by reason with the first place', async () => {
    const path = writeTrace(
      [
        requestLine('r1'),
        '',
        'not json',
        payloadLine('r1'),
        '[1]',
        '{"schema":"something.else"}',
        requestLine('r2'),
        '{"also not',
        requestLine('r3').slice(0, 100),
      ].join('\n'),
    )
    const { ids, census } = await read([path])
    expect(ids).toEqual(['r1', 'r2'])
    expect(census).toMatchObject({
      rows: { read: 8, used: 2, payload: 1, skipped: 5, filtered: 0 },
      byType: { request_end: 2, tool_start: 0, tool_end: 0, tool_error: 0 },
      skipped: {
        'not-json': { count: 2, first: `${path}:3` },
        'not-an-object': { count: 1, first: `${path}:5` },
        'unknown-schema': { count: 1, first: `${path}:6` },
        torn: { count: 1, first: `${path}:9` },
      },
      inputs: [
        {
          name: path,
          bytes: expect.any(Number) as number,
          gzip: false,
          rows: { read: 8, used: 2, payload: 1, skipped: 5, filtered: 0 },
          skipped: {
            'not-json': { count: 2, firstLine: 3 },
            'not-an-object': { count: 1, firstLine: 5 },
            'unknown-schema': { count: 1, firstLine: 6 },
            torn: { count: 1, firstLine: 9 },
          },
          end: 'torn',
          lostBytes: 0,
        },
      ],
    })
  })

  it('counts for each input', async () => {
    const first = writeTrace(`${requestLine('r1')}\n`)
    const second = writeTrace(gzipSync(`${requestLine('r2')}\n${requestLine('r3')}\n`))
    const { census } = await read([first, second])
    expect(census.rows.used).toBe(3)
    expect(census.inputs).toMatchObject([
      { name: first, gzip: false, rows: { used: 1 }, bytes: requestLine('r1').length + 1 },
      { name: second, gzip: true, rows: { used: 2 } },
    ])
  })

  it.each<[string, string, object]>([
    ['without a line end is a row', '', { rows: { used: 1, skipped: 0 }, end: 'whole' }],
    ['that is cut is torn', `\n${requestLine('r2').slice(0, 50)}`, { rows: { used: 1, skipped: 1 }, end: 'torn' }],
    [
      'that is a cut payload costs nothing but is told',
      `\n${payloadLine('r1').slice(0, -20)}`,
      { rows: { payload: 1 }, end: 'torn' },
    ],
    ['of nothing but blanks is none', '\n   ', { rows: { read: 1 }, end: 'whole' }],
  ])('a last line %s', async (_name, ending, expected) => {
    const { census } = await read([writeTrace(requestLine('r1') + ending)])
    expect(census.inputs).toMatchObject([expected])
  })

  it('tells damaged gzip data', async () => {
    const damaged = gzipSync(Array.from({ length: 2000 }, (_, index) => requestLine(`r${index * 7919}`)).join('\n'))
    damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 100)
    const { census } = await read([writeTrace(requestLine('r0')), writeTrace(damaged)])
    expect(census.inputs).toMatchObject([{ end: 'whole' }, { end: 'corrupt' }])
  })

  it('reads the rows around damaged gzip data', async () => {
    const rows = ['r1', 'r2', 'r3'].map((id) => gzipSync(`${requestLine(id)}\n`))
    const [first = Buffer.of(), second = Buffer.of(), third = Buffer.of()] = rows
    const cutRow = gzipSync(requestLine('cut')).subarray(0, -20)
    const { ids, census } = await read([writeTrace(Buffer.concat([first, Buffer.from('x'), second, cutRow, third]))])
    expect(ids.filter((id) => id !== 'cut')).toEqual(['r1', 'r2', 'r3'])
    expect(census.inputs).toMatchObject([{ end: 'corrupt' }])
  })

  it('reads every row behind a gzip member that was cut, wherever that is, and names the loss', async () => {
    const lines = ['r1', 'r2', 'r3'].map((id) => requestLine(id))
    const member = gzipSync(lines.slice(0, 2).join('\n'))
    const next = gzipSync(`${lines[2] ?? ''}\n`)
    for (let end = 3; end < member.length; end++) {
      const cutMember = member.subarray(0, end)
      const left = gunzipSync(cutMember, { finishFlush: constants.Z_SYNC_FLUSH }).toString().split('\n')
      const whole = left.filter((line) => lines.includes(line))
      const path = end % 2 === 0 ? writeTrace(Buffer.concat([cutMember, next])) : '-'
      const { ids, census } = await read([path], { stdin: Readable.from([cutMember, next]) })
      expect(ids, `cut at ${end}`).toEqual([...['r1', 'r2'].slice(0, whole.length), 'r3'])
      expect(census.rows.skipped, `cut at ${end}`).toBe(left.filter((line) => line !== '').length - whole.length)
      expect(census.inputs).toMatchObject([{ end: 'corrupt', lostBytes: 0 }])
    }
  })

  it('skips a line that is too long for a row, and counts it', async () => {
    const content = [requestLine('r1'), requestLine('x'.repeat(2000)), requestLine('r2')].join('\n')
    const { ids, census } = await read([writeTrace(content)], { maxLineBytes: 1000 })
    expect(ids).toEqual(['r1', 'r2'])
    expect(census.skipped['too-long']).toMatchObject({ count: 1 })
  })

  it('passes over payload rows of megabytes', async () => {
    const content = [payloadLine('r1', 3_000_000), requestLine('r1'), payloadLine('r2', 3_000_000)].join('\n')
    const { census } = await read([writeTrace(gzipSync(content))])
    expect(census.rows).toMatchObject({ read: 3, used: 1, payload: 2, skipped: 0 })
  })
})

describe('inputs that cannot be used', () => {
  it('names the path that does not exist, before anything is read', async () => {
    const path = writeTrace(requestLine('r1'))
    await expect(read([path, '/no/such/trace.jsonl'])).rejects.toMatchObject({
      code: 'DYN_INPUT_NOT_FOUND',
      message: 'no such file: /no/such/trace.jsonl',
    })
    await expect(read(['/no/such/*.jsonl'])).rejects.toMatchObject({ code: 'DYN_INPUT_NOT_FOUND' })
  })

  it('says why a path cannot be read', async () => {
    const path = join(writeTrace('x'), 'below-a-file.jsonl')
    await expect(read([path])).rejects.toMatchObject({ code: 'DYN_INPUT_NOT_FOUND', message: `cannot read ${path}` })
  })

  it.each<[string, string | Uint8Array]>([
    ['no byte', ''],
    ['blank lines', '\n\n  \n'],
    ['an empty gzip member', gzipSync('')],
    ['payload rows alone', payloadLine('r1')],
  ])('calls %s empty', async (_name, content) => {
    await expect(read([writeTrace(content)])).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY' })
  })

  const member = gzipSync(requestLine('r1'))
  it.each<[string, Uint8Array]>([
    ['cut', member.subarray(0, 5)],
    ['cut', member.subarray(0, 15)],
    ['damaged', Buffer.concat([member.subarray(0, 11), Buffer.alloc(50, 0xff)])],
    ['damaged', Buffer.from([0x1f, 0x8b, 1, 2, 3])],
  ])('calls gzip data %s, and not empty', async (state, content) => {
    const path = writeTrace(content)
    await expect(read([path])).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
      message: `no whole row in ${path}: it is ${state}`,
    })
    await expect(read([writeTrace(''), path])).rejects.toMatchObject({
      message: `no whole row in 2 files: ${path} is ${state}`,
    })
  })

  it('names no file in an advice that a reader may have already', async () => {
    const advice = { advice: expect.stringMatching(/^(?!.*> trace\.jsonl).*jq .* > rows\.jsonl$/) as string }
    await expect(read([writeTrace('[1]')])).rejects.toMatchObject(advice)
    await expect(read([writeTrace('{\n "a": 1\n}\n')])).rejects.toMatchObject(advice)
  })

  it('calls a folder without traces empty', async () => {
    await expect(read([temporaryFolder()])).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY' })
  })

  it.each<[string, string | Uint8Array]>([
    ['a pretty-printed JSON document', JSON.stringify([{ a: 1 }], null, 2).slice(2, -2).trim()],
    ['one JSON array', JSON.stringify([{ a: 1 }])],
    ['JSON lines of another kind', '{"level":"info"}\n{"level":"warn"}\n'],
    ['a web page', '<!DOCTYPE html>\n<html><body>Sign in</body></html>'],
    ['a Chrome JSON timeline', '{"displayTimeUnit":"ms","traceEvents":[]}'],
    ['a Chrome JSON timeline', '[\n{"name":"x","ph":"X","ts":1}\n]'],
    ['a Perfetto timeline', Buffer.from([0x0a, 0x08, 0x08, 0x00, 0x50, 0x01, 0x68, 0x01, 0x58, 0x01])],
    ['Zstandard data', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x0a])],
    ['a ZIP archive', Buffer.from('PK\u0003\u0004....', 'latin1')],
    ['gzip data that were compressed twice', gzipSync(gzipSync(requestLine('r1')))],
    ['UTF-16 text', Buffer.from(requestLine('r1'), 'utf16le')],
    ['UTF-16 text', Buffer.from(`\ufeff${requestLine('r1')}`, 'utf16le')],
    ['UTF-16 text', Buffer.from(`\ufeff${requestLine('r1')}\n`, 'utf16le').swap16()],
    ['binary data', Buffer.from([1, 2, 0, 4, 5, 0])],
    ['plain text', 'the quick brown fox\njumps\n'],
    ['plain text', gzipSync('the quick brown fox\n')],
  ])('says that it looks like %s', async (like, content) => {
    const path = writeTrace(content)
    await expect(read([path])).rejects.toMatchObject({
      code: 'DYN_INPUT_NOT_A_TRACE',
      message: `no Dynamo trace rows in ${path}: it looks like ${like}`,
      advice: expect.stringMatching(/^[A-Z].+/) as string,
    })
  })

  it('says which of several it looked at', async () => {
    const empty = writeTrace('')
    const text = writeTrace('hello\n')
    await expect(read([empty, text])).rejects.toMatchObject({
      message: `no Dynamo trace rows in 2 files: ${text} looks like plain text`,
    })
  })

  it('goes on where another input is a trace', async () => {
    const { ids, census } = await read([writeTrace('hello\n'), writeTrace(requestLine('r1'))])
    expect(ids).toEqual(['r1'])
    expect(census.inputs).toMatchObject([{ rows: { used: 0, skipped: 1 } }, { rows: { used: 1 } }])
  })
})
