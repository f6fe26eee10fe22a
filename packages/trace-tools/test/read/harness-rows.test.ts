// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requestNumber } from '../../src/read/columns.ts'
import { findInputs } from '../../src/read/inputs.ts'
import { readRows, type ReadRowsOptions } from '../../src/read/read-rows.ts'
import { numberOf } from '../../src/read/row-batch.ts'
import { harnessLines, turnLine } from '../support/harness-lines.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { requestLine, T0 } from '../support/trace-lines.ts'

/** What is read, in order: the time of each row after T0, with `h` before those of a harness log. */
async function read(files: readonly (readonly string[])[], options: ReadRowsOptions = {}) {
  const folder = temporaryFolder()
  const paths = files.map((lines, index) => {
    const path = join(folder, `${index}.jsonl`)
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
    return path
  })
  const reading = readRows(await findInputs(paths, process.stdin), options)
  const order: string[] = []
  for await (const batch of reading) {
    const { count, kinds, harness = [] } = batch
    const placed = [...harness]
    for (let row = 0; row <= count; row++) {
      while (placed[0]?.rowsBefore === row) order.push(`h${(placed.shift()?.record.eventTimeMs ?? 0) - T0}`)
      if (row < count && kinds[row] !== 0) order.push(String(numberOf({ batch, row }, requestNumber.eventTimeMs) - T0))
    }
  }
  return { order: order.join(' '), census: reading.census }
}

const requests = [0, 150, 350].map((at) => requestLine({ session: 'run', at }))

describe('rows of a harness log', () => {
  it('keep their places among the rows of Dynamo in one file', async () => {
    const [first = '', second = '', third = ''] = requests
    const lines = [harnessLines[0] ?? '', first, harnessLines[2] ?? '', harnessLines[3] ?? '', second, third]
    const { order } = await read([lines])
    expect(order).toBe('h-50 50 h100 h120 200 400')
  })

  it('are merged by time where they stand in a file of their own', async () => {
    const early = [turnLine({ index: 0, from: -20, to: -10, tokens: 1 })]
    const late = [turnLine({ index: 1, from: 500, to: 600, tokens: 1 })]
    expect((await read([late, requests, early])).order).toBe('h-10 50 200 400 h600')
  })

  it('are counted by type, in all and in each input', async () => {
    const { census } = await read([requests, [...harnessLines, 'damage', '{"schema":"dynamo.agent.harness.v2"}']])
    const harness = {
      session_start: 1,
      turn_end: 4,
      request_error: 3,
      compaction: 1,
      checkpoint: 1,
      setting_change: 1,
      user_wait: 1,
      session_end: 1,
    }
    expect(census).toMatchObject({
      rows: { read: 18, used: 16, skipped: 2, filtered: 0 },
      byType: { request_end: 3, tool_start: 0, tool_end: 0, tool_error: 0 },
      harness,
      skipped: { 'not-json': { count: 1 }, 'unknown-schema': { count: 1 } },
      clock: { firstMs: T0 - 50, lastMs: T0 + 410, gaps: 0 },
    })
    expect(census.inputs[0]).not.toHaveProperty('harness')
    expect(census.inputs[1]).toMatchObject({ rows: { used: 13 }, harness })
  })

  it('are no gap of the clock, and fill one', async () => {
    const hours = [0, 3_600_000].map((at) => requestLine({ session: 'run', at }))
    const turns = Array.from({ length: 120 }, (_, index) =>
      turnLine({ index, from: index * 30_000, to: index * 30_000 + 20_000, tokens: 1 }),
    )
    const [first = '', last = ''] = hours
    expect((await read([[first, ...turns, last]])).census.clock).toMatchObject({ gaps: 0, longestGapMs: 30_000 })
    expect((await read([hours])).census.clock).toMatchObject({ gaps: 1 })
  })

  it('are a trace by themselves', async () => {
    const { census } = await read([harnessLines])
    expect(census.rows).toMatchObject({ read: 13, used: 13 })
  })

  it('are filtered like the others, and counted', async () => {
    const files = [[...requests, ...harnessLines]]
    const { order, census } = await read(files, {
      keep: () => false,
      keepHarness: ({ type }) => type === 'turn_end',
    })
    expect(order).toBe('h90 h100 h140 h400')
    expect(census).toMatchObject({ rows: { read: 16, used: 4, filtered: 12 }, harness: { turn_end: 4 } })
    expect(census.harness).not.toHaveProperty('checkpoint')
    await expect(read(files, { keep: () => false, keepHarness: () => false })).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
    })
  })

  it('come the same, in the same order, from several threads', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => [
      requestLine({ session: 'run', at: index * 100 }),
      turnLine({ index, from: index * 100, to: index * 100 + 60, tokens: index }),
    ]).flat()
    const alone = await read([lines], { blockBytes: 2048 })
    const together = await read([lines], { blockBytes: 2048, jobs: 3, threadsAfterBytes: 0 })
    expect(together.order).toBe(alone.order)
    expect(together.census.harness).toEqual({ turn_end: 400 })
    expect(alone.order.split(' ')).toHaveLength(800)
  })
})
