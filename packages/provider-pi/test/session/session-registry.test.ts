// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  agentContextOfPiSession,
  endPiSession,
  inheritedCallersOfProcess,
  keeperOfPiSession,
  piSessionsOfProcess,
  registerPiSession,
  type SessionKeeper,
} from '../../src/session/session-registry.ts'

const registryKey = Symbol.for('dynamo-agent.pi-sessions')
const session = (name: string) => ({
  piSessionId: `pi-${name}`,
  context: { sessionId: 'S', trajectoryId: name, sessionTypeId: 'pi_coding_agent' },
})
const forget = () => {
  Reflect.deleteProperty(globalThis, registryKey)
}

beforeEach(forget)
afterEach(forget)

it('tells other extensions who a session is, until it is over', () => {
  registerPiSession(session('T1'))
  expect(agentContextOfPiSession('pi-T1')).toEqual(session('T1').context)
  endPiSession('pi-T1')
  expect(agentContextOfPiSession('pi-T1')).toBeUndefined()
})

it('is shared by every instance of the module in the process', async () => {
  registerPiSession(session('T1'))
  const address = new URL('../../src/session/session-registry.ts?another-instance', import.meta.url).href
  const another = (await import(address)) as { agentContextOfPiSession: typeof agentContextOfPiSession }
  expect(another.agentContextOfPiSession).not.toBe(agentContextOfPiSession)
  expect(another.agentContextOfPiSession('pi-T1')).toEqual(session('T1').context)
})

it('keeps the sessions that are over, in order, and takes one back', () => {
  for (const name of ['T1', 'T2']) registerPiSession(session(name))
  endPiSession('pi-T1')
  expect(piSessionsOfProcess().map(({ piSessionId, live }) => [piSessionId, live])).toEqual([
    ['pi-T1', false],
    ['pi-T2', true],
  ])
  expect(registerPiSession(session('T1'))).toBe(true)
  expect(agentContextOfPiSession('pi-T1')).toBeDefined()
})

it('has of a session that comes back what is said of it then, in the place that it had', () => {
  for (const name of ['T1', 'T2']) registerPiSession({ ...session(name), priority: 3 })
  endPiSession('pi-T1')
  registerPiSession({ ...session('T1'), priority: 9, file: '/sessions/T1.jsonl' })
  expect(piSessionsOfProcess().map(({ piSessionId, priority, file }) => [piSessionId, priority, file])).toEqual([
    ['pi-T1', 9, '/sessions/T1.jsonl'],
    ['pi-T2', 3, undefined],
  ])
})

it('tells who looks after a session, until it is over', () => {
  const keeper = {} as SessionKeeper
  registerPiSession({ ...session('T1'), keeper })
  expect(keeperOfPiSession('pi-T1')).toBe(keeper)
  expect(keeperOfPiSession(undefined)).toBeUndefined()
  endPiSession('pi-T1')
  expect(keeperOfPiSession('pi-T1')).toBeUndefined()
})

it('gives a session to one of two instances that Pi has loaded', () => {
  expect(registerPiSession(session('T1'))).toBe(true)
  expect(registerPiSession(session('T1'))).toBe(false)
})

it('remembers what the process was told of its callers, also when that was nothing', () => {
  expect(inheritedCallersOfProcess(undefined)).toBeUndefined()
  expect(inheritedCallersOfProcess('  pi-T1 S T1')).toBeUndefined()
})
