// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { findRelatives, type StartingSession } from '../../src/session/relatives.ts'

const session = (name: string, file?: string, live = true) => ({
  piSessionId: name,
  context: { sessionId: 'root', trajectoryId: name, sessionTypeId: 'pi_coding_agent' },
  file,
  live,
})
const root = session('root', '/sessions/2026_root.jsonl')
const child = session('child', '/sessions/2026_root/run/run-0/session.jsonl')
const unsaved = session('unsaved')

/** The sessions that one called `own` is related to. */
function relativesOf(starting: Partial<StartingSession>, sessions = [root, child, unsaved]) {
  const { self, starter, origin, originElsewhere, others = [] } = findRelatives({ piSessionId: 'own', ...starting }, sessions)
  return {
    self: self?.context.trajectoryId,
    starter: starter?.piSessionId,
    origin: origin?.context.trajectoryId,
    originElsewhere,
    others: others.map(({ context }) => context.trajectoryId),
  }
}

it.each<[string, Partial<StartingSession>, object]>([
  ['the first one, for a session that has nothing to do with it', { file: '/sessions/2026_own.jsonl' }, {}],
  ['itself, when it comes back', { piSessionId: 'child' }, { self: 'child', others: ['root', 'unsaved'] }],
  ['the session whose folder its file is in', { file: '/sessions/2026_root/run/run-1/session.jsonl' }, { starter: 'root' }],
  [
    'the innermost of those, two levels deep',
    { file: '/sessions/2026_root/run/run-0/session/run/run-0/session.jsonl' },
    { starter: 'child' },
  ],
  ['no session whose name its own only begins with', { file: '/sessions/2026_root-2.jsonl' }, {}],
  ['the session that pi-subagents names', { parentPiSessionId: 'unsaved' }, { starter: 'unsaved' }],
  ['nobody that pi-subagents names in another process', { parentPiSessionId: 'elsewhere' }, {}],
  ['not itself, as pi-subagents has it in a root', { parentPiSessionId: 'own' }, {}],
  ['the session that it was forked from', { reason: 'fork', previousFile: '/sessions/2026_root.jsonl' }, { origin: 'root' }],
  [
    'the one that its own file names, however it comes back',
    { reason: 'resume', originFile: '../sessions/2026_child.jsonl', previousFile: '/sessions/2026_root.jsonl' },
    { origin: 'child' },
  ],
  [
    'a session of another process that it was forked from',
    { reason: 'startup', originFile: '/sessions/2026-01-01T00-00-00_01a1-b2.jsonl' },
    { originElsewhere: '01a1-b2' },
  ],
  ['no origin by a file whose name tells nothing', { reason: 'startup', originFile: '/sessions/mine.jsonl' }, {}],
  ['not the one before it', { reason: 'new', previousFile: '/sessions/2026_root.jsonl' }, {}],
])('a session knows %s', (_what, starting, expected) => {
  const none = { self: undefined, starter: undefined, origin: undefined, originElsewhere: undefined }
  const others = ['root', 'child', 'unsaved']
  expect(relativesOf(starting)).toEqual({ ...none, others, ...expected })
})

it('a session that is over has started nobody', () => {
  expect(relativesOf({ parentPiSessionId: 'root' }, [session('root', undefined, false)])).toMatchObject({
    starter: undefined,
    others: ['root'],
  })
})

it('the first session of a process has no relatives', () => {
  expect(Object.values(relativesOf({}, []))).toEqual([undefined, undefined, undefined, undefined, []])
})
