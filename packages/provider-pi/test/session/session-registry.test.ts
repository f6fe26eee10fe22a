// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it } from 'vitest'
import {
  agentContextOfPiSession,
  forgetPiSession,
  predecessorOfPiSession,
  registerPiSession,
} from '../../src/session/session-registry.ts'

const registryKey = Symbol.for('dynamo-agent.pi-sessions')
const contextOf = (trajectoryId: string) => ({ sessionId: 'S', trajectoryId, sessionTypeId: 'pi_coding_agent' })

afterEach(() => {
  Reflect.deleteProperty(globalThis, registryKey)
})

it('tells other extensions who a session is, until it is over', () => {
  registerPiSession('pi-1', contextOf('T1'))
  expect(agentContextOfPiSession('pi-1')).toEqual(contextOf('T1'))
  forgetPiSession('pi-1')
  expect(agentContextOfPiSession('pi-1')).toBeUndefined()
})

it('is shared by every instance of the module in the process', async () => {
  registerPiSession('pi-1', contextOf('T1'))
  const address = new URL('../../src/session/session-registry.ts?another-instance', import.meta.url).href
  const another = (await import(address)) as { agentContextOfPiSession: typeof agentContextOfPiSession }
  expect(another.agentContextOfPiSession).not.toBe(agentContextOfPiSession)
  expect(another.agentContextOfPiSession('pi-1')).toEqual(contextOf('T1'))
})

it('remembers the first session of the process as the predecessor of all others', () => {
  expect(predecessorOfPiSession('pi-1')).toBeUndefined()
  registerPiSession('pi-1', contextOf('T1'))
  forgetPiSession('pi-1')
  registerPiSession('pi-2', contextOf('T2'))
  expect(predecessorOfPiSession('pi-1')).toBeUndefined()
  expect(predecessorOfPiSession('pi-2')).toEqual(contextOf('T1'))
  expect(predecessorOfPiSession('pi-3')).toEqual(contextOf('T1'))
})
