// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { findInputs } from '../../src/read/inputs.ts'
import { chooseRows, type ChooseRowsOptions } from '../../src/select/choose-rows.ts'
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

  it('names the sessions there are when one is not among them', async () => {
    await expect(choose({ sessions: ['root', 'nobody'] })).rejects.toMatchObject({
      code: 'DYN_INPUT_EMPTY',
      message: 'no rows of a session nobody',
      advice: 'Give one of the sessions there are: root, run, other.',
    })
  })

  it.each<ChooseRowsOptions>([
    { since: { epochMs: 100 } },
    { trajectories: ['nobody'] },
    { since: { epochMs: 100 }, maxSessions: 1 },
    { since: { epochMs: 100 }, sessions: ['root'] },
  ])('says that nothing is left of a trace with %j', async (options) => {
    await expect(choose(options)).rejects.toMatchObject({ code: 'DYN_INPUT_EMPTY' })
  })
})
