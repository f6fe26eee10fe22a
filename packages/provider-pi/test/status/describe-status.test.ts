// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import { describeBriefly, describeStatus, type Status } from '../../src/status/describe-status.ts'

const relay = (counters: { sent?: number; queued?: number; dropped?: number }) => ({
  calls: { started: 0, ended: 0, duplicateStarts: 0, unmatchedEnds: 0, orphaned: 0 },
  unrelayed: 0,
  relay: {
    sent: 0,
    queued: 0,
    dropped: 0,
    byReason: { capacity: 0, closed: 0, encode: 0, undelivered: 0, refused: 0, unavailable: 0 },
    ...counters,
  },
})
const endpoint = 'tcp://127.0.0.1:20390'
const fine: Status = {
  baseUrl: 'http://127.0.0.1:8000/v1',
  dialect: 'session-headers',
  evidence: { by: 'openapi', dialect: 'session-headers', release: '1.6.1', steps: [] },
  models: { count: 2 },
  context: { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'pi_coding_agent' },
  lastAnswer: { inputTokens: 7028, cachedTokens: 6784, outputTokens: 12 },
  toolEvents: { endpoint, counters: relay({ sent: 12 }) },
  hints: { priority: 3, outputLength: 500 },
  environmentProblems: [],
}

describe('/dynamo', () => {
  it('tells what is', () => {
    expect(describeStatus(fine).split('\n')).toEqual([
      'frontend     http://127.0.0.1:8000/v1, Dynamo 1.6.1',
      'dialect      session headers (1.3 and later)',
      'models       2 listed',
      'session      S',
      'trajectory   T, child of P',
      'last answer  7,028 input tokens, 97 % of them cached; 12 output tokens',
      'tool events  12 sent to tcp://127.0.0.1:20390, 0 waiting, 0 dropped',
      'hints        priority 3, osl 500',
    ])
  })

  it('tells what is not', () => {
    const status: Status = {
      baseUrl: fine.baseUrl,
      dialect: 'session-headers',
      models: { count: 1 },
      hints: {},
      environmentProblems: [],
    }
    expect(describeStatus(status).split('\n')).toEqual([
      'frontend     http://127.0.0.1:8000/v1',
      'dialect      session headers (1.3 and later), a guess',
      'models       1 listed',
      'session      not started',
      'last answer  none yet',
      'tool events  off: DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT is not set',
      'hints        none',
    ])
  })

  const unreachable = new DynamoAgentError({
    code: 'DYN_HTTP_UNREACHABLE',
    message: 'http://127.0.0.1:8000/v1/models cannot be reached: connect ECONNREFUSED',
    advice: 'Start the frontend, or set DYNAMO_BASE_URL to where it listens.',
  })
  const problem = { variable: 'DYN_AGENT_PRIORITY', value: 'high', problem: 'is not a whole number' }

  it.each<[string, Partial<Status>, string]>([
    ['a frontend that is not there', { models: { count: 0, problem: unreachable } }, `${unreachable.message}\n        ${unreachable.advice}`],
    ['a frontend without workers', { models: { count: 0 } }, 'the frontend lists no model\n        Start a worker, then type /reload.'],
    [
      'tool events that nobody takes',
      { toolEvents: { endpoint, counters: relay({ queued: 4 }) } },
      `nobody takes tool events at ${endpoint}\n        Before starting the frontend: export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=${endpoint}`,
    ],
    [
      'a variable that cannot be used',
      { environmentProblems: [problem] },
      'DYN_AGENT_PRIORITY=high is not a whole number; its default holds\n        Correct or unset DYN_AGENT_PRIORITY, and start Pi again.',
    ],
  ])('tells what to do about %s', (_what, wrong, trouble) => {
    const text = describeStatus({ ...fine, ...wrong })
    expect(text.endsWith(`\nFAIL  ${trouble}`)).toBe(true)
    expect(describeBriefly({ ...fine, ...wrong })).toBe('Dynamo 1.6.1: see /dynamo')
  })

  it.each<[string, Partial<Status>, string]>([
    ['how it knows the dialect', { evidence: { by: 'setting', dialect: 'session-headers' } }, 'set by DYN_AGENT_DIALECT'],
    ['that a server is none of Dynamo', { evidence: { by: 'unknown', dialect: 'session-headers', transient: false, steps: [] } }, 'not known to be a Dynamo'],
    ['why there was no answer', { lastAnswer: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, error: '503 busy' } }, 'failed: 503 busy'],
  ])('tells %s', (_what, other, text) => {
    expect(describeStatus({ ...fine, ...other })).toContain(text)
  })
})

describe("the word in Pi's footer", () => {
  it('tells how much of the last input was cached', () => {
    expect(describeBriefly(fine)).toBe('Dynamo 1.6.1, 97 % cached')
  })

  it('names Dynamo alone before there is an answer', () => {
    expect(describeBriefly({ ...fine, evidence: undefined, lastAnswer: undefined })).toBe('Dynamo')
  })
})
