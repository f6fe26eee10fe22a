// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findInputs } from '../../src/read/inputs.ts'
import { chooseRows, type ChooseRowsOptions } from '../../src/select/choose-rows.ts'
import { payloadLine, requestLineAt } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { later, readIds, trace, v12, type Row } from './trace-of-rows.ts'

const rows: Row[] = [
  { at: 1, of: later('child', 'root') },
  { at: 2, of: later('root') },
  { at: 3, of: v12('run', 'main') },
  { at: 4, of: v12('other', 'main') },
  { at: 5 },
  { at: 6, of: later('child', 'root') },
]

async function choose(options: ChooseRowsOptions): Promise<string> {
  await using chosen = await chooseRows(await trace(rows), options)
  return await readIds(chosen.inputs, chosen.filter)
}

/** The ids of the rows of several files that are wanted; `1 2 / 3` are two files of rows of these times. */
async function chooseFrom(files: string, options: ChooseRowsOptions): Promise<string> {
  const times = files.split('/').map((file) => file.match(/\d+/g) ?? [])
  const found = await Promise.all(times.map((file) => trace(file.map((at) => ({ at: Number(at) })))))
  await using chosen = await chooseRows(found.flat(), options)
  return await readIds(chosen.inputs, chosen.filter)
}

describe('chooseRows', () => {
  it.each<[string, ChooseRowsOptions, string]>([
    ['everything', {}, '1 2 3 4 5 6'],
    ['everything, also where sessions are found out', { needsSessions: true }, '1 2 3 4 5 6'],
    ['a session with all its trajectories', { sessions: ['root'] }, '1 2 6'],
    ['several sessions', { sessions: ['other', 'root'] }, '1 2 4 6'],
    ['the first sessions', { maxSessions: 2 }, '1 2 3 6'],
    ['the first ones of some', { sessions: ['other', 'run'], maxSessions: 1 }, '3'],
    ['the first ones of those with rows in a stretch of time', { maxSessions: 1, since: { epochMs: 3 }, until: { epochMs: 5 } }, '3'],
    ['a trajectory', { trajectories: ['main'] }, '3 4'],
    ['a trajectory of one session', { trajectories: ['main'], sessions: ['other'] }, '4'],
    ['a stretch of time', { since: { epochMs: 2 }, until: { epochMs: 6 } }, '2 3 4 5'],
    ['a stretch of time of a session', { since: { epochMs: 2 }, sessions: ['root'] }, '2 6'],
  ])('gives %s', async (_name, options, expected) => {
    expect(await choose(options)).toBe(expected)
  })

  it.each<[string, ChooseRowsOptions, string]>([
    ['since a moment after it', { since: { afterFirstMs: 2 } }, '3 4 5 6'],
    ['since itself', { since: { afterFirstMs: 0 } }, '1 2 3 4 5 6'],
    ['until a moment after it', { until: { afterFirstMs: 2 } }, '1 2'],
    ['between two moments', { since: { afterFirstMs: 1 }, until: { afterFirstMs: 4 } }, '2 3 4'],
    ['since a moment of the clock until one after it', { since: { epochMs: 3 }, until: { afterFirstMs: 4 } }, '3 4'],
    ['since a moment after it until one of the clock', { since: { afterFirstMs: 3 }, until: { epochMs: 6 } }, '4 5'],
    ['since a fraction after it', { since: { afterFirstMs: 0.5 } }, '2 3 4 5 6'],
    ['of one session, by the first row of all', { since: { afterFirstMs: 2 }, sessions: ['root'] }, '6'],
    ['of a trajectory, by the first row of all', { until: { afterFirstMs: 3 }, trajectories: ['main'] }, '3'],
    ['of the first sessions with such rows', { since: { afterFirstMs: 2 }, maxSessions: 1 }, '3'],
  ])('counts from the first row: %s', async (_name, options, expected) => {
    expect(await choose(options)).toBe(expected)
  })

  it.each([
    ['one after the other', '100 105 / 110 119 / 120 130'],
    ['the last of which begins first', '120 130 / 110 119 / 100 105'],
    ['that overlap', '100 110 120 / 105 119 130'],
    ['with rows out of order', '105 110 100 120 / 119 130'],
    ['one of which has no rows', ' / 100 110 / 119 120'],
  ])('counts from the first row of several inputs %s', async (_name, files) => {
    expect(await chooseFrom(files, { since: { afterFirstMs: 10 }, until: { afterFirstMs: 20 } })).toBe('110 119')
    expect(await chooseFrom(files, { until: { afterFirstMs: 5 } })).toBe('100')
  })

  it('counts from the first row of standard input', async () => {
    const [file] = await trace(rows)
    const stdin = Readable.from([gzipSync(readFileSync(file?.name ?? ''))])
    await using chosen = await chooseRows(await findInputs(['-'], stdin), { since: { afterFirstMs: 4 } })
    expect(await readIds(chosen.inputs, chosen.filter)).toBe('5 6')
  })

  it('counts from the first row, however many payload rows come before it', async () => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    const payload = `${payloadLine('p', 20_000)}\n`.repeat(100)
    writeFileSync(path, payload + ['10', '15', '20'].map((id) => `${requestLineAt(Number(id), id)}\n`).join(''))
    await using chosen = await chooseRows(await findInputs([path], process.stdin), { until: { afterFirstMs: 6 } })
    expect(await readIds(chosen.inputs, chosen.filter)).toBe('10 15')
  })

  it('counts from nothing where there is no row', async () => {
    await expect(chooseFrom(' / ', { since: { afterFirstMs: 1 } })).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY' })
  })

  it('finds out sessions where it is told to', async () => {
    await using chosen = await chooseRows(await trace(rows), { needsSessions: true })
    expect(chosen.sessionOf({ id: 'child', sessionId: undefined, contextFree: false })).toBe('root')
  })

  it('reads standard input twice where it has to', async () => {
    const [file] = await trace(rows)
    const stdin = Readable.from([readFileSync(file?.name ?? '')])
    await using chosen = await chooseRows(await findInputs(['-'], stdin), { sessions: ['run'] })
    expect(await readIds(chosen.inputs, chosen.filter)).toBe('3')
  })

  it.each<[ChooseRowsOptions, string]>([
    [{ sessions: ['root'], trajectories: ['main'] }, 'no rows of a session root in a trajectory main'],
    [{ sessions: ['root'], trajectories: ['main', 'nobody'] }, 'no rows of a session root in a trajectory main or nobody'],
    [{ sessions: ['root'], since: { epochMs: 100 } }, 'no rows of a session root in the time that is asked for'],
  ])('names all that was asked for together with a session: %j', async (options, message) => {
    await expect(choose(options)).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY', message })
  })

  it('names the sessions there are when one is not among them', async () => {
    await expect(choose({ sessions: ['root', 'nobody'] })).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
      message: 'no rows of a session nobody',
      advice: 'Give one of the sessions there are: root, run, other.',
    })
  })

  it.each<ChooseRowsOptions>([
    { since: { epochMs: 100 } },
    { since: { afterFirstMs: 6 } },
    { until: { afterFirstMs: 0 } },
    { since: { afterFirstMs: 4 }, until: { afterFirstMs: 4 } },
    { trajectories: ['nobody'] },
    { since: { epochMs: 100 }, maxSessions: 1 },
    { since: { epochMs: 100 }, sessions: ['root'] },
  ])('says that nothing is left of a trace with %j', async (options) => {
    await expect(choose(options)).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY' })
  })
})
