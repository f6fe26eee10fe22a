// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { CALLERS_VARIABLE, encodeCallers, readCallers, type Callers } from '../../src/index.ts'

const agent = (name: string) => ({ harnessSessionId: `pi-${name}`, sessionId: 'S', trajectoryId: `T=${name}/1` })

test.each<[string, Callers]>([
  ['one agent', { sessionId: undefined, trajectoryId: undefined, agents: [agent('a')] }],
  ['several, and the ids that their process was given', { sessionId: 'S', trajectoryId: 'T', agents: [agent('a'), agent('b')] }],
  ['a session without a trajectory', { sessionId: 'S', trajectoryId: undefined, agents: [agent('a')] }],
  ['priorities', { sessionId: 'S', trajectoryId: 'T', agents: [{ ...agent('a'), priority: 3 }, { ...agent('b'), priority: -1 }] }],
  ['a priority of one of them', { sessionId: undefined, trajectoryId: undefined, agents: [agent('a'), { ...agent('b'), priority: 0 }] }],
  [
    'ids that nobody has mended',
    { sessionId: 'my session', trajectoryId: ' 100 %\n\tä€😀+', agents: [{ ...agent('a b'), harnessSessionId: '%20' }] },
  ],
])('callers travel in one variable: %s', (_what, callers) => {
  expect(readCallers({ [CALLERS_VARIABLE]: encodeCallers(callers) })).toEqual(callers)
})

test.each([undefined, '', 'S T', 'S T pi-a S', 'S T pi-a S T pi-b', 'S  pi-a  T', 'S T pi-a S T  ', 'nonsense', 'S% T pi-a S T', 'S T pi-a %ff T'])('%j names no callers', (value) => {
  expect(readCallers({ [CALLERS_VARIABLE]: value })).toBeUndefined()
})

test('ordinary ids stand there as they are', () => {
  const callers = { sessionId: 'S', trajectoryId: undefined, agents: [{ ...agent('a'), sessionId: 'run+1@host,{2}', priority: 3 }] }
  expect(encodeCallers(callers)).toBe('S  pi-a run+1@host,{2} T=a/1  3')
})

test('half a character in an id costs that character alone', () => {
  const value = encodeCallers({ sessionId: 'S\ud800', trajectoryId: undefined, agents: [agent('a')] })
  expect(readCallers({ [CALLERS_VARIABLE]: value })).toMatchObject({ sessionId: 'S\ufffd', agents: [agent('a')] })
})
