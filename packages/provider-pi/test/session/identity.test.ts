// SPDX-License-Identifier: Apache-2.0
import type { DialectName, Environment } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import { resolveIdentity } from '../../src/session/identity.ts'

const own = 'pi-own'
const first = { sessionId: 'S', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' }

/** Session, trajectory and parent of a Pi session whose own id is `pi-own`. */
function idsOf(environment: Environment, options: { dialect?: DialectName; later?: boolean } = {}) {
  const { context, repairs } = resolveIdentity({
    piSessionId: own,
    environment,
    dialect: options.dialect ?? 'session-headers',
    sessionTypeId: 'pi_coding_agent',
    ...(options.later && { predecessor: first }),
  })
  expect(repairs).toEqual([])
  return [context.sessionId, context.trajectoryId, context.parentTrajectoryId ?? null]
}

describe('a Pi that nobody handed an identity', () => {
  it('is the root of a session of its own', () => {
    expect(idsOf({})).toEqual([own, own, null])
  })

  it('takes an empty variable for an unset one', () => {
    const environment = { DYN_AGENT_SESSION_ID: '', DYN_AGENT_TRAJECTORY_ID: '', PI_SESSION_ID: '' }
    expect(idsOf(environment)).toEqual([own, own, null])
  })

  it('starts another session for each `/new`', () => {
    expect(idsOf({}, { later: true })).toEqual([own, own, null])
  })
})

describe('a Pi that was handed an identity', () => {
  it.each<[string, Environment, (string | null)[]]>([
    ['a session', { DYN_AGENT_SESSION_ID: 'S' }, ['S', 'S', null]],
    ['a session and a trajectory', { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_TRAJECTORY_ID: 'T' }, ['S', 'T', null]],
    [
      'all three',
      { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_TRAJECTORY_ID: 'T', DYN_AGENT_PARENT_TRAJECTORY_ID: 'P' },
      ['S', 'T', 'P'],
    ],
    [
      'the names of Dynamo 1.3 and later',
      { DYN_AGENT_SESSION_ID: 'T', DYN_AGENT_PARENT_SESSION_ID: 'P' },
      ['T', 'T', 'P'],
    ],
    [
      'a session that is also the parent',
      { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_PARENT_TRAJECTORY_ID: 'S' },
      ['S', own, 'S'],
    ],
    ['a parent alone', { DYN_AGENT_PARENT_TRAJECTORY_ID: 'P' }, ['P', own, 'P']],
    ['a trajectory alone', { DYN_AGENT_TRAJECTORY_ID: 'T' }, ['T', 'T', null]],
    [
      'a session, and sees itself in PI_SESSION_ID',
      { DYN_AGENT_SESSION_ID: 'S', PI_SESSION_ID: own },
      ['S', 'S', null],
    ],
  ])('uses %s', (_what, environment, ids) => {
    expect(idsOf(environment)).toEqual(ids)
  })

  it('keeps its own trajectory on Dynamo 1.2, which carries both ids', () => {
    expect(idsOf({ DYN_AGENT_SESSION_ID: 'S' }, { dialect: 'agent-context-body' })).toEqual(['S', own, null])
  })

  it('makes each later session of the process a child of the first', () => {
    const environment = { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_TRAJECTORY_ID: 'T' }
    expect(idsOf(environment, { later: true })).toEqual(['S', own, 'T'])
  })
})

describe('a Pi that a shell tool of another Pi started', () => {
  it.each<[string, Environment, (string | null)[]]>([
    ['that has no other identity', {}, ['pi-outer', own, 'pi-outer']],
    ['that was handed a session', { DYN_AGENT_SESSION_ID: 'S' }, ['S', own, 'S']],
    [
      'that was handed a trajectory',
      { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_TRAJECTORY_ID: 'T', DYN_AGENT_PARENT_TRAJECTORY_ID: 'P' },
      ['S', own, 'T'],
    ],
    [
      'that is a child of its session',
      { DYN_AGENT_SESSION_ID: 'S', DYN_AGENT_PARENT_TRAJECTORY_ID: 'S' },
      ['S', own, 'pi-outer'],
    ],
  ])('is a child of one %s', (_what, environment, ids) => {
    expect(idsOf({ ...environment, PI_SESSION_ID: 'pi-outer' })).toEqual(ids)
  })

  it('names the outer Pi as parent on Dynamo 1.2, where that keeps its own trajectory', () => {
    const environment = { DYN_AGENT_SESSION_ID: 'S', PI_SESSION_ID: 'pi-outer' }
    expect(idsOf(environment, { dialect: 'agent-context-body' })).toEqual(['S', own, 'pi-outer'])
  })
})

describe('ids that cannot be sent', () => {
  const resolve = (environment: Environment) =>
    resolveIdentity({ piSessionId: own, environment, dialect: 'session-headers', sessionTypeId: 'pi_coding_agent' })

  it('are mended and reported', () => {
    const { context, repairs } = resolve({ DYN_AGENT_SESSION_ID: 'run ü', DYN_AGENT_TRAJECTORY_ID: 'T' })
    expect(context.sessionId).toMatch(/^run_~[0-9a-f]{16}$/)
    expect(repairs).toEqual([{ field: 'sessionId', problem: 'not-visible-ascii' }])
  })

  it('never make a trajectory its own parent', () => {
    const { context, repairs } = resolve({ DYN_AGENT_TRAJECTORY_ID: 'T', DYN_AGENT_PARENT_TRAJECTORY_ID: 'T' })
    expect(context).toEqual({ sessionId: 'T', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' })
    expect(repairs).toEqual([{ field: 'parentTrajectoryId', problem: 'parent-is-self' }])
  })
})
