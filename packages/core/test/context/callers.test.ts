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
])('callers travel in one variable: %s', (_what, callers) => {
  expect(readCallers({ [CALLERS_VARIABLE]: encodeCallers(callers) })).toEqual(callers)
})

test.each([undefined, '', 'S T', 'S T pi-a S', 'S T pi-a S T pi-b', 'S  pi-a  T', 'S T pi-a S T  ', 'nonsense'])('%j names no callers', (value) => {
  expect(readCallers({ [CALLERS_VARIABLE]: value })).toBeUndefined()
})
