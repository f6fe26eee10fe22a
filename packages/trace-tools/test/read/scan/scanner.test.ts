// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { identityText, requestText, rowFlag, rowKind, toolText } from '../../../src/read/columns.ts'
import { textOf, textStart, type RowBatch } from '../../../src/read/row-batch.ts'
import { createScanner } from '../../../src/read/scan/scanner.ts'
import { toRecord } from '../../../src/read/scan/to-record.ts'
import { payloadLine, requestLine } from '../../support/rows.ts'
import { fullLines } from './base-lines.ts'

function scan(lines: readonly string[], spare?: RowBatch) {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return createScanner()({ bytes, start: 0, end: bytes.length }, spare)
}

const toolLine = (id: string, type = 'tool_end', at = 5) =>
  `{"schema":"dynamo.request.trace.v1","event_type":"${type}","event_time_unix_ms":${at},"agent_context":{"session_id":"s"},` +
  `"tool":{"tool_call_id":"${id}","tool_class":"bash","status":"ok"}}`

/** The same JSON, in a form that only core's parser reads. */
const escaped = (line: string) => line.replace('"event_type"', '"event\\u005ftype"')

describe('lines', () => {
  it('are counted by what they are, with the first of each kind that is skipped', () => {
    const scanned = scan(['', requestLine('a'), 'no row', payloadLine('p'), '[]', '  ', 'no row', '{}', requestLine('b')])
    expect(scanned).toMatchObject({
      lines: 9,
      payload: 1,
      skipped: {
        'not-json': { count: 2, firstLine: 3 },
        'not-an-object': { count: 1, firstLine: 5 },
        'unknown-schema': { count: 1, firstLine: 8 },
      },
    })
    expect([...scanned.batch.lines.subarray(0, scanned.batch.count)]).toEqual([2, 9])
  })

  describe.each([
    ['in an envelope', requestLine],
    ['bare', (id: string) => requestLine(id).replace(/^\{"timestamp":\d+,"event":(.*)\}$/, '$1')],
  ])('with rows behind what is none, %s', (_form, row) => {
    it.each([
      ['a row that was cut', row('x').slice(0, 200), 1],
      ['hardly anything of a row', '{"ti', 1],
      ['a whole row', row('a'), 0],
      ['two whole rows', row('a') + row('a'), 0],
      ['zeros', '\0'.repeat(4096), 0],
      ['a byte order mark', '\ufeff', 0],
      ['words', 'out of memory', 1],
    ])('give it back behind %s', (_what, before, cut) => {
      expect(row('first')).toMatch(/^\{"(timestamp|schema)"/)
      const { batch, skipped, lines } = scan([row('first'), `${before}${row('b')}`, row('last')])
      const ids = Array.from({ length: batch.count }, (_, at) => textOf({ batch, row: at }, requestText.requestId))
      expect(ids.filter((id) => id !== 'a')).toEqual(['first', 'b', 'last'])
      expect(ids.length - 3).toBe(before.split('"a"').length - 1)
      expect({ skipped, lines }).toEqual({ skipped: cut === 0 ? {} : { 'not-json': { count: cut, firstLine: 2 } }, lines: 3 })
    })
  })

  it('may end with CRLF', () => {
    const { batch, skipped } = scan([`${requestLine('a')}\r`, `${escaped(requestLine('b'))}\r`, '\r'])
    expect(batch.count).toBe(2)
    expect(skipped).toEqual({})
  })

  it('are read from where the block begins to where it ends', () => {
    const bytes = Buffer.from(`\ufeff${requestLine('a')}\n${requestLine('b')}\nrest`)
    const { batch, lines } = createScanner()({ bytes, start: 3, end: bytes.length - 4 })
    expect({ count: batch.count, lines }).toEqual({ count: 2, lines: 2 })
  })

  it.each([0, 1, 3, 4, 100])('do not depend on %i bytes that stand behind the block', (room) => {
    const line = `${requestLine('a')}\n`
    for (const stale of ['"', '0', '\n', ' ', '}', '\u0000']) {
      const bytes = Buffer.from(line + stale.repeat(room))
      const { batch, lines } = createScanner()({ bytes, start: 0, end: line.length })
      expect(toRecord(batch, 0)).toMatchObject({ request: { requestId: 'a' } })
      expect(lines).toBe(1)
    }
  })

  it('with payloads are recognised though they are no JSON', () => {
    const cut = payloadLine('p', 5000).slice(0, 4000)
    const behindAnEscape = `{"x":"\\u00e9",${payloadLine('p', 5000).slice(1, 4000)}`
    expect(scan([cut, behindAnEscape])).toMatchObject({ lines: 2, payload: 2, skipped: {} })
  })

  it('with values nested 100,000 deep cost no stack', () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const line = requestLine('a').replace('{"timestamp":1', `{"timestamp":${nested}`)
    expect(scan([line, line.slice(0, 100_000)])).toMatchObject({
      batch: { count: 1 },
      skipped: { 'not-json': { count: 1, firstLine: 2 } },
    })
  })
})

describe('texts', () => {
  it('are places in the bytes that were read, or behind them where they had to be decoded', () => {
    const line = requestLine('caf\u00e9 \ud83d\ude00 \u001b[31m')
    const end = Buffer.byteLength(line) + 1
    const { batch } = scan([line])
    expect(textOf({ batch, row: 0 }, requestText.requestId)).toBe('caf\u00e9 \ud83d\ude00 \u001b[31m')
    expect(batch.texts[(requestText.requestId) * 2]).toBeGreaterThanOrEqual(end)
    expect(Buffer.from(batch.bytes.subarray(0, end))).toEqual(Buffer.from(`${line}\n`))
  })

  it('take spare room where there is enough of it', () => {
    const line = `${requestLine('\u00e9')}\n`
    const bytes = Buffer.alloc(10_000)
    const end = bytes.write(line)
    const { batch } = createScanner()({ bytes, start: 0, end })
    expect(batch.bytes.buffer).toBe(bytes.buffer)
    expect(textOf({ batch, row: 0 }, requestText.requestId)).toBe('\u00e9')
  })

  it('that are empty are told from those that are absent', () => {
    const { batch } = scan([requestLine('', '')])
    expect(textOf({ batch, row: 0 }, requestText.requestId)).toBe('')
    expect(textOf({ batch, row: 0 }, identityText.trajectoryId)).toBe('')
    expect(textStart({ batch, row: 0 }, requestText.model)).toBe(0)
  })

  it('of ids that name something in JavaScript are ids like others', () => {
    const { batch } = scan([requestLine('__proto__', 'constructor')])
    expect(toRecord(batch, 0)).toMatchObject({
      identity: { trajectoryId: 'constructor' },
      request: { requestId: '__proto__' },
    })
  })
})

describe('a row', () => {
  it('says what it is and who wrote it', () => {
    const { batch } = scan([...fullLines, toolLine('c', 'tool_start'), toolLine('c')])
    const rows = Array.from({ length: batch.count }, (_, row) => [batch.kinds[row], batch.flags[row]])
    expect(rows).toEqual([
      [rowKind.request, rowFlag.agentTrace | rowFlag.fromHarness | rowFlag.hasSessionFinal],
      [rowKind.toolError, rowFlag.agentTrace | rowFlag.fromHarness | rowFlag.hasSessionFinal | rowFlag.sessionFinal],
      [
        rowKind.request,
        rowFlag.fromDynamo | rowFlag.hasSessionFinal | rowFlag.sessionFinal | rowFlag.hasReplay | rowFlag.hasWorker,
      ],
      [rowKind.toolStart, rowFlag.succeeded],
      [rowKind.toolEnd, rowFlag.succeeded],
    ])
  })

  it('keeps the status of a tool as it is spelled', () => {
    const { batch } = scan([toolLine('c')])
    expect(textOf({ batch, row: 0 }, toolText.status)).toBe('ok')
  })

  it.each([
    ['ok', true],
    ['success', true],
    ['succeeded', true],
    ['stopped', false],
    ['succors', false],
    ['succeeder', false],
    ['error', false],
    ['running', false],
  ])('knows whether a call has succeeded, however the row is written: %s', (status, succeeded) => {
    const line = toolLine('c').replace('"ok"', `"${status}"`)
    const { batch } = scan([line, escaped(line)])
    const flag = succeeded ? rowFlag.succeeded : 0
    expect([...batch.flags.subarray(0, 2)].map((flags) => flags & rowFlag.succeeded)).toEqual([flag, flag])
  })

  it('is not where there is none', () => {
    const { batch } = scan([toolLine('c')])
    expect(() => toRecord(batch, 1)).toThrow(TypeError)
  })
})

describe('hashes', () => {
  const hashesOf = ({ batch }: ReturnType<typeof scan>) =>
    Array.from({ length: batch.count }, (_, row) => [
      batch.identityHashes[row * 2],
      ...batch.fingerprints.subarray(row * 2, row * 2 + 2),
    ])

  it('are the same whoever read the line', () => {
    const lines = [...fullLines, toolLine('c'), requestLine('a')]
    expect(hashesOf(scan(lines.map(escaped)))).toEqual(hashesOf(scan(lines)))
  })

  it('of the identity are 0 for rows without one, and depend on session and trajectory', () => {
    const identities = ['{}', '{"session_id":"a"}', '{"session_id":"b"}', '{"session_id":"a","trajectory_id":"b"}', '{"session_id":"ab","trajectory_id":""}']
    const lines = identities.map((identity) => toolLine('c').replace('{"session_id":"s"}', identity))
    const found = hashesOf(scan(lines)).map(([identity]) => identity)
    expect(found[0]).toBe(0)
    expect(new Set(found).size).toBe(lines.length)
  })

  it('of rows differ with all that tells rows apart', () => {
    const lines = [
      toolLine('c'),
      toolLine('d'),
      toolLine('c', 'tool_error'),
      toolLine('c', 'tool_end', 6),
      toolLine('c').replace('"s"', '"t"'),
      toolLine('c').replace('"status"', '"started_at_unix_ms":5,"status"'),
      toolLine('c').replace('"status"', '"ended_at_unix_ms":5,"status"'),
      requestLine('c'),
      requestLine('d'),
    ]
    const fingerprints = hashesOf(scan(lines)).map(([, low, high]) => `${low} ${high}`)
    expect(new Set(fingerprints).size).toBe(lines.length)
    expect(new Set(fingerprints.map((text) => text.split(' ')[0])).size).toBe(lines.length)
  })

  it('are spread evenly', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => toolLine(`call_${index}`))
    const { batch } = scan(lines)
    const slots = new Set(Array.from({ length: batch.count }, (_, row) => (batch.fingerprints[row * 2] ?? 0) % 65_536))
    // 20,000 balls in 65,536 boxes fill 17,237 of them.
    expect(slots.size).toBeGreaterThan(17_000)
  })
})

describe('arrays of a batch that is done with', () => {
  it('are used again, and nothing of their old rows is left', () => {
    const used = scan(fullLines).batch
    const { batch } = scan([toolLine('c'), requestLine('a')], used)
    expect(batch.numbers).toBe(used.numbers)
    expect([toRecord(batch, 0), toRecord(batch, 1)]).toEqual(
      [toolLine('c'), requestLine('a')].map((line) => toRecord(scan([line]).batch, 0)),
    )
  })

  it('are replaced by longer ones where they are too short', () => {
    const used = scan(fullLines).batch
    const lines = Array.from({ length: 1000 }, (_, index) => (index % 3 === 0 ? escaped : String)(requestLine(`r${index}`)))
    const { batch } = scan(lines, used)
    expect(batch.count).toBe(1000)
    for (let row = 0; row < 1000; row++) expect(toRecord(batch, row)).toMatchObject({ request: { requestId: `r${row}` } })
  })
})
