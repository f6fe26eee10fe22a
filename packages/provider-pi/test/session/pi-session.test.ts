// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector } from '@dynamo-agent/client/detect'
import { CALLERS_VARIABLE, encodeCallers, readEnvironment, type AgentContext, type Environment } from '@dynamo-agent/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PiContext, PiSessionStart } from '../../src/pi/host.ts'
import { inheritedEnvironment } from '../../src/session/callers.ts'
import { createPiSession, type PiSessionOptions } from '../../src/session/pi-session.ts'
import { piSessionsOfProcess, registerPiSession } from '../../src/session/session-registry.ts'

const forget = () => {
  Reflect.deleteProperty(globalThis, Symbol.for('dynamo-agent.pi-sessions'))
}
beforeEach(forget)
afterEach(forget)

const contextOfPi = { sessionId: 'pi-a', trajectoryId: 'pi-a', sessionTypeId: 'pi_coding_agent' }
const callers = encodeCallers({
  sessionId: undefined,
  trajectoryId: undefined,
  agents: [{ harnessSessionId: 'pi-a', sessionId: 'pi-a', trajectoryId: 'pi-a' }],
})

interface Start extends Pick<PiSessionOptions, 'contextOf'> {
  readonly environment?: Environment
  readonly event?: PiSessionStart
  readonly manager?: Partial<PiContext['sessionManager']>
}

function start(id: string, { environment = {}, contextOf, event = {}, manager }: Start = {}) {
  const settings = readEnvironment({ ...environment, DYN_AGENT_DIALECT: 'session-headers', DYN_AGENT_SESSION_FINAL: '0' })
  const selector = createDialectSelector({ baseUrl: settings.baseUrl, dialect: settings.dialect })
  const session = createPiSession({ settings, environment, selector, contextOf })
  session.start({ hasUI: false, mode: 'sdk', sessionManager: { getSessionId: () => id, ...manager } }, event)
  return session
}

describe('the environment that an application gives a session', () => {
  it('is that of no other session', () => {
    expect(start('one', { environment: { [CALLERS_VARIABLE]: callers } }).context).toMatchObject({ parentTrajectoryId: 'pi-a' })
    expect(start('two').context).toEqual({ ...contextOfPi, sessionId: 'two', trajectoryId: 'two' })
    expect(start('three', { environment: { DYN_AGENT_SESSION_ID: 'T3' } }).context).toEqual({
      ...contextOfPi,
      sessionId: 'T3',
      trajectoryId: 'T3',
    })
  })

  it('names no caller where it is a copy of what this very process tells', () => {
    registerPiSession({ piSessionId: 'pi-a', context: contextOfPi })
    expect(inheritedEnvironment({ [CALLERS_VARIABLE]: callers })[CALLERS_VARIABLE]).toBe(process.env[CALLERS_VARIABLE])
  })
})

describe('an application that says who a session is', () => {
  const given = { ...contextOfPi, sessionId: 'anna €', trajectoryId: 'T', parentTrajectoryId: 'T' }

  it('may give ids that cannot be sent', () => {
    const session = start('own', { contextOf: () => given })
    expect(session.context?.sessionId).toMatch(/^anna_~[0-9a-f]{16}$/)
    expect(session.context).not.toHaveProperty('parentTrajectoryId')
    expect(session.counters.identityRepairs).toBe(2)
  })

  it.each<[string, () => AgentContext | undefined, string | undefined]>([
    ['says nothing', () => undefined, undefined],
    ['says nothing in its own way', () => null as never, undefined],
    ['fails', () => { throw new Error('no such channel') }, 'no such channel'],
    ['fails without an error', () => { throw Object.create(null) as Error }, 'object'],
    ['promises one', () => Promise.resolve(given) as never, 'it names no session'],
    ['names no session', () => ({ ...given, sessionId: '' }), 'it names no session'],
  ])('leaves it to Pi and the environment when it %s', (_what, contextOf, problem) => {
    const session = start('own', { contextOf, environment: { DYN_AGENT_SESSION_ID: 'S' } })
    expect(session.context).toEqual({ ...contextOfPi, sessionId: 'S', trajectoryId: 'S' })
    expect(session.contextProblem?.message).toBe(problem && `the context that the application gives cannot be used: ${problem}`)
  })
})

it('a session is a child of the one that its file says it was forked from', () => {
  const manager = { getHeader: () => ({ parentSession: '/sessions/2026_pi-a.jsonl' }) }
  expect(start('own', { event: { reason: 'startup' }, manager }).context).toEqual({
    ...contextOfPi,
    trajectoryId: 'own',
    parentTrajectoryId: 'pi-a',
  })
})

it('what this process starts hears the priority that a session has now', async () => {
  const session = start('own', { environment: { DYN_AGENT_PRIORITY: '3' } })
  await session.end({ reason: 'reload' })
  start('own', { environment: { DYN_AGENT_PRIORITY: '7' }, event: { reason: 'reload' } })
  expect(piSessionsOfProcess().map(({ priority, live }) => [priority, live])).toEqual([[7, true]])
})
