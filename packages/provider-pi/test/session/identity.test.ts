// SPDX-License-Identifier: Apache-2.0
import { CALLERS_VARIABLE, encodeCallers, type AgentContext, type Environment } from '@dynamo-agent/core'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveIdentity } from '../../src/session/identity.ts'
import type { Relatives } from '../../src/session/relatives.ts'

const own = 'own'
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

interface Case {
  readonly situation: string
  readonly environment: string
  readonly sameProcess: string
  /** Session, trajectory and parent. */
  readonly ids: readonly (string | undefined)[]
}

/** The rows of the README's table of cases. */
function readCases(): readonly Case[] {
  const [, table = ''] = /<!-- identity table -->\n([^]*)<!-- end of identity table/.exec(readme) ?? []
  const [, , ...rows] = table.trim().split('\n')
  return rows.map((row) => {
    const [situation = '', environment = '', sameProcess = '', ...ids] = row.split('|').slice(1, -1)
    return { situation: situation.trim(), environment, sameProcess: sameProcess.trim(), ids: ids.map((id) => code(id)[0]) }
  })
}

/** What stands in backticks. */
const code = (cell: string) => [...cell.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text)

function readEnvironmentCell(cell: string): Environment {
  const variables = code(cell).map((text): [string, string] => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(text.replaceAll('␣', ' ')) ?? []
    return [name, value]
  })
  return Object.fromEntries(variables)
}

function readContext(ids: string): AgentContext {
  const [sessionId = '', trajectoryId = '', parentTrajectoryId] = ids.split('/')
  return { sessionId, trajectoryId, ...(parentTrajectoryId !== undefined && { parentTrajectoryId }), sessionTypeId: 'other' }
}

function readGivenCell(cell: string): AgentContext | undefined {
  return cell.startsWith('given') ? readContext(code(cell)[0] ?? '') : undefined
}

function readProcessCell(cell: string): Relatives {
  return cell.split(', ').reduce<Relatives>((relatives, part) => ({ ...relatives, ...readRelative(part) }), {})
}

function readRelative(text: string): Relatives {
  const [ids = ''] = code(text)
  const context = readContext(ids)
  const session = { piSessionId: context.sessionId, context }
  if (text.startsWith('after')) return { others: [session] }
  if (text.startsWith('again')) return { self: session }
  if (text.startsWith('started by')) return { starter: session, others: [session] }
  if (!text.startsWith('forked from')) return {}
  return ids.includes('/') ? { origin: session, others: [session] } : { originElsewhere: ids }
}

describe('the identity of a Pi session, as the README has it', () => {
  it.each(readCases())('$situation: $environment $sameProcess', ({ environment, sameProcess, ids }) => {
    const { context, repairs } = resolveIdentity({
      piSessionId: own,
      given: readGivenCell(sameProcess),
      environment: readEnvironmentCell(environment),
      dialect: sameProcess === '1.2' ? 'agent-context-body' : 'session-headers',
      sessionTypeId: 'pi_coding_agent',
      relatives: readProcessCell(sameProcess),
    })
    expect([context.sessionId, context.trajectoryId, context.parentTrajectoryId]).toEqual(ids)
    expect(repairs).toEqual([])
  })

  it('is a table that has not lost its rows', () => {
    expect(readCases().length).toBeGreaterThan(30)
  })
})

describe('ids that cannot be sent', () => {
  const resolve = (environment: Environment, given?: AgentContext) =>
    resolveIdentity({ piSessionId: own, given, environment, dialect: 'session-headers', sessionTypeId: 'pi_coding_agent' })

  it('are mended and reported', () => {
    const { context, repairs } = resolve({ DYN_AGENT_SESSION_ID: 'run ü', DYN_AGENT_TRAJECTORY_ID: 'T' })
    expect(context.sessionId).toMatch(/^run_~[0-9a-f]{16}$/)
    expect(repairs).toEqual([{ field: 'sessionId', problem: 'not-visible-ascii' }])
  })

  it('are mended where the application gives them, and what it gives remains its own', () => {
    const given = { sessionId: 'anna €', trajectoryId: 'T', parentTrajectoryId: 'T', sessionTypeId: 'desk' }
    const { context, repairs } = resolve({}, given)
    expect(context).toEqual({ sessionId: expect.stringMatching(/^anna_~[0-9a-f]{16}$/) as string, trajectoryId: 'T', sessionTypeId: 'desk' })
    expect(repairs.map(({ field, problem }) => [field, problem])).toEqual([
      ['sessionId', 'not-visible-ascii'],
      ['parentTrajectoryId', 'parent-is-self'],
    ])
  })

  it('make no two trajectories one, whoever compares them', () => {
    const outer = resolve({ DYN_AGENT_SESSION_ID: 'my session' }).context
    const agents = [{ ...outer, harnessSessionId: 'pi-a' }]
    const callers = encodeCallers({ sessionId: 'my session', trajectoryId: undefined, agents })
    const { context } = resolve({ DYN_AGENT_SESSION_ID: 'my session', [CALLERS_VARIABLE]: callers })
    expect(context).toMatchObject({ sessionId: outer.sessionId, trajectoryId: own, parentTrajectoryId: outer.trajectoryId })
  })

  it('never make a trajectory its own parent', () => {
    const { context, repairs } = resolve({ DYN_AGENT_TRAJECTORY_ID: 'T', DYN_AGENT_PARENT_TRAJECTORY_ID: 'T' })
    expect(context).toEqual({ sessionId: 'T', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' })
    expect(repairs).toEqual([{ field: 'parentTrajectoryId', problem: 'parent-is-self' }])
  })
})
