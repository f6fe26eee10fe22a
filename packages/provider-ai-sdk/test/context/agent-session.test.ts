// SPDX-License-Identifier: Apache-2.0
import { currentAgentContext, MAX_ID_BYTES, withAgentContext, type AgentContext } from '@dynamo-agent/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { withAgentSession, type AgentSession } from '../../src/index.ts'
import { callingAgent } from '../../src/context/calling-agent.ts'
import { sessionHints } from '../../src/context/session-hints.ts'
import { createToolContext } from '../../src/telemetry/tool-scope.ts'

const sessionTypeId = 'ai_sdk_agent'
const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

/** Who calls inside sessions that stand in each other, the outermost first. */
function agentIn(...sessions: (string | AgentSession)[]): AgentContext | undefined {
  const [outermost, ...inner] = sessions
  return sessions.length === 0 ? callingAgent() : withAgentSession(outermost!, () => agentIn(...inner))
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('an id', () => {
  it('is both session and trajectory', () => {
    expect(agentIn('chat-1')).toEqual({ sessionId: 'chat-1', trajectoryId: 'chat-1', sessionTypeId })
  })

  it('names a subagent inside another session', () => {
    expect(agentIn('chat-1', 'researcher')).toEqual({
      sessionId: 'chat-1',
      trajectoryId: 'researcher',
      parentTrajectoryId: 'chat-1',
      sessionTypeId,
    })
    expect(agentIn('chat-1', 'researcher', 'reader')).toMatchObject({
      sessionId: 'chat-1',
      parentTrajectoryId: 'researcher',
    })
  })

  it('that stands around already changes nothing', () => {
    expect(agentIn('chat-1', 'chat-1')).toEqual(agentIn('chat-1'))
    expect(agentIn('chat-1', 'sub one', 'sub one')).toEqual(agentIn('chat-1', 'sub one'))
  })

  it('that is the session around, from inside a subagent of it, is the session again', () => {
    expect(agentIn('chat-1', 'researcher', 'chat-1')).toEqual(agentIn('chat-1'))
  })

  it('names the subagent of a tool call, in place of the one that each call is given', () => {
    const context = withAgentSession('chat-1', () => {
      const scope = createToolContext({ toolCallId: 'call-1', toolName: 'research' })
      expect(scope).toMatchObject({ parentTrajectoryId: 'chat-1' })
      return scope && withAgentContext(scope, () => agentIn('researcher'))
    })
    expect(context).toMatchObject({ trajectoryId: 'researcher', parentTrajectoryId: 'chat-1' })
  })

  const unsendable = ['käse', 'a b', 'x'.repeat(MAX_ID_BYTES + 1)]

  it.each(unsendable)('that cannot be sent is replaced by the same one each time', (id) => {
    const context = agentIn(id)
    expect(context?.sessionId).not.toBe(id)
    expect(context?.trajectoryId).toBe(context?.sessionId)
    expect(agentIn(id)).toEqual(context)
  })

  it.each([undefined, null, '', 7])('that is %o, as a request may have it, is a random one', (id) => {
    const context = agentIn(id as unknown as string)
    expect(context?.sessionId).toMatch(uuid)
    expect(context?.trajectoryId).toBe(context?.sessionId)
    expect(agentIn(id as unknown as string)?.sessionId).not.toBe(context?.sessionId)
    expect(agentIn('chat-1', id as unknown as string)).toMatchObject({
      trajectoryId: expect.stringMatching(uuid) as string,
      parentTrajectoryId: 'chat-1',
    })
  })

  it('that a context lacks is a random one', () => {
    expect(agentIn({} as AgentSession)?.sessionId).toMatch(uuid)
  })
})

describe('a context', () => {
  it('is taken as it is, inside another session too', () => {
    const context = { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'reviewer' }
    expect(agentIn('chat-1', context)).toEqual(context)
  })

  it('needs no more than a session', () => {
    expect(agentIn('chat-1', { sessionId: 'S' })).toEqual({ sessionId: 'S', trajectoryId: 'S', sessionTypeId })
  })
})

describe('without a session', () => {
  it('nobody calls', () => {
    expect(agentIn()).toBeUndefined()
  })

  it('the agent that the environment names calls, and what is named inside is a subagent of it', () => {
    vi.stubEnv('DYN_AGENT_SESSION_ID', 'S')
    vi.stubEnv('DYN_AGENT_TRAJECTORY_ID', 'T')
    expect(agentIn()).toEqual({ sessionId: 'S', trajectoryId: 'T', sessionTypeId })
    expect(agentIn('chat-1')).toMatchObject({ sessionId: 'S', trajectoryId: 'chat-1', parentTrajectoryId: 'T' })
  })

  it('an empty variable names nobody', () => {
    vi.stubEnv('DYN_AGENT_SESSION_ID', '')
    expect(agentIn()).toBeUndefined()
  })

  it('the class of workload is that of the environment', () => {
    vi.stubEnv('DYN_AGENT_SESSION_TYPE_ID', 'batch')
    expect(agentIn('chat-1')).toMatchObject({ sessionTypeId: 'batch' })
    expect(agentIn({ sessionId: 'S', sessionTypeId: 'own' })).toMatchObject({ sessionTypeId: 'own' })
  })
})

describe('what runs in a session', () => {
  it('keeps it over awaits and timers, while others run', async () => {
    const ids = ['a', 'b', 'c']
    const seen = await Promise.all(
      ids.map((id) =>
        withAgentSession(id, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1))
          return currentAgentContext()?.sessionId
        }),
      ),
    )
    expect(seen).toEqual(ids)
    expect(currentAgentContext()).toBeUndefined()
  })

  it('gives its result through, and its error', () => {
    expect(withAgentSession('chat-1', () => 7)).toBe(7)
    expect(() =>
      withAgentSession('chat-1', () => {
        throw new Error('its own')
      }),
    ).toThrow('its own')
  })

  it('has the hints of every session around it, the outermost first', () => {
    const [outer, inner] = [{ priority: 1 }, { priority: 2 }]
    const seen = withAgentSession({ sessionId: 'S', hints: outer }, () =>
      withAgentSession('T', () => withAgentSession({ sessionId: 'S', trajectoryId: 'U', hints: inner }, sessionHints)),
    )
    expect(seen).toEqual([
      { trajectoryId: 'S', hints: outer },
      { trajectoryId: 'U', hints: inner },
    ])
    expect(sessionHints()).toEqual([])
  })
})
