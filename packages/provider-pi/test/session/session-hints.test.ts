// SPDX-License-Identifier: Apache-2.0
import { CALLERS_VARIABLE, encodeCallers, readEnvironment, type AgentContext, type Environment } from '@dynamo-agent/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Relatives } from '../../src/session/relatives.ts'
import { createSessionHints, findParent } from '../../src/session/session-hints.ts'

const child: AgentContext = { sessionId: 'S', trajectoryId: 'C', parentTrajectoryId: 'T', sessionTypeId: 'pi_coding_agent' }
const parent = { piSessionId: 'pi-T', context: { sessionId: 'S', trajectoryId: 'T', sessionTypeId: 'pi_coding_agent' } }
const caller = { harnessSessionId: 'pi-T', sessionId: 'S', trajectoryId: 'T', priority: 7 }
const startedBy = (...agents: (typeof caller)[]): Environment => ({
  [CALLERS_VARIABLE]: encodeCallers({ sessionId: undefined, trajectoryId: undefined, agents }),
})

interface Case {
  readonly context?: AgentContext
  readonly isGiven?: boolean
  readonly relatives?: Relatives
  readonly environment?: Environment
}

describe('the parent whose priority counts', () => {
  it.each<[string, Case, { priority?: number | undefined } | undefined]>([
    ['is nobody for a root', { context: parent.context, environment: startedBy(caller) }, undefined],
    ['is who started it in this process', { relatives: { starter: { ...parent, priority: 5 }, others: [parent] } }, { priority: 5 }],
    ['is who started its process', { environment: startedBy({ ...caller, trajectoryId: 'U', priority: 1 }, caller) }, { priority: 7 }],
    ['is somebody of whom nothing is known', { environment: {} }, { priority: undefined }],
    ['is nobody when a person has begun it beside the first one', { relatives: { others: [parent] }, environment: startedBy(caller) }, undefined],
    ['is nobody when a person has forked it', { relatives: { origin: parent, others: [parent] }, environment: startedBy(caller) }, undefined],
    ['is nobody when a person has forked it elsewhere', { relatives: { originElsewhere: 'T' } }, undefined],
    ['is who started its process with a copy of its own session', { relatives: { originElsewhere: 'T' }, environment: startedBy(caller) }, { priority: 7 }],
    ['is who the application says', { isGiven: true, relatives: { others: [parent] } }, { priority: undefined }],
  ])('%s', (_what, { context = child, isGiven = false, relatives = {}, environment = {} }, expected) => {
    expect(findParent({ context, isGiven, relatives, environment })).toEqual(expected)
  })
})

describe('the hints of a session', () => {
  const hintsFor = (environment: Environment) =>
    createSessionHints({ ...readEnvironment(environment), situation: { isInteractive: false } })
  const run = (hints: ReturnType<typeof hintsFor>, toolCallId: string, aborted = false) => {
    hints.toolStarted({ toolCallId, toolName: 'read' })
    hints.toolEnded({ toolCallId, toolName: 'read', result: undefined, isError: false }, aborted)
  }

  it('remember what was sent', () => {
    const hints = hintsFor({ DYN_AGENT_PRIORITY: '3' })
    expect(hints.status).toEqual({ hints: { priority: 3 }, reasons: {}, sent: undefined })
    expect(hints.forTurn()).toEqual({ priority: 3 })
    expect(hints.status.sent).toEqual({ priority: 3 })
  })

  it('learn how long tools take from calls that came to their end', async () => {
    const hints = hintsFor({ DYN_AGENT_SPECULATIVE_PREFILL: 'auto' })
    for (const id of ['a', 'b', 'c']) run(hints, id, true)
    hints.toolEnded({ toolCallId: 'never started', toolName: 'read', result: undefined, isError: false }, false)
    expect(hints.forTurn()).toEqual({})
    for (const id of ['d', 'e']) run(hints, id)
    hints.toolStarted({ toolCallId: 'f', toolName: 'read' })
    await sleep(20)
    hints.toolEnded({ toolCallId: 'f', toolName: 'read', result: undefined, isError: true }, false)
    expect(hints.forTurn()).toEqual({ speculativePrefill: true })
    expect(hints.status.reasons.speculativePrefill).toMatch(/^tools take about \d+ ms$/)
  })
})
