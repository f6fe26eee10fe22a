// SPDX-License-Identifier: Apache-2.0
import type { Nvext } from '@dynamo-agent/client/nvext'
import { DynamoAgentError } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import type { HintStatus } from '../../src/session/session-hints.ts'
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
const log = { path: '/logs/harness.jsonl', written: 1234, waiting: 2, dropped: 0, problem: undefined }
const fine: Status = {
  baseUrl: 'http://127.0.0.1:8000/v1',
  dialect: 'session-headers',
  evidence: { by: 'openapi', dialect: 'session-headers', release: '1.6.1', steps: [] },
  models: { count: 2 },
  context: { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'pi_coding_agent' },
  lastAnswer: { inputTokens: 7028, cachedTokens: 6784, outputTokens: 12 },
  toolEvents: { endpoint, counters: relay({ sent: 12 }), waitingMs: 0 },
  harnessLog: log,
  hints: { hints: { priority: 3, outputLength: 500 }, reasons: {} },
  environmentProblems: [],
  settingProblems: [],
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
      'harness log  1,234 rows written to /logs/harness.jsonl, 2 waiting, 0 dropped',
      'hints        priority 3, osl 500',
    ])
  })

  it('tells what is not', () => {
    const status: Status = {
      baseUrl: fine.baseUrl,
      dialect: 'session-headers',
      models: { count: 1 },
      hints: undefined,
      environmentProblems: [],
      settingProblems: [],
    }
    expect(describeStatus(status).split('\n')).toEqual([
      'frontend     http://127.0.0.1:8000/v1',
      'dialect      session headers (1.3 and later), a guess',
      'models       1 listed',
      'session      not started',
      'last answer  none yet',
      'tool events  off: DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT names no endpoint',
      'harness log  off: DYN_AGENT_HARNESS_LOG is not set',
      'hints        none',
    ])
  })

  it.each<[string, Nvext, string]>([
    [
      'all that it knows',
      { timing: { ttftMs: 1181.6, queueDepth: 3 }, workerId: { prefillWorkerId: 7n, decodeWorkerId: 18_224_117_679_878_816_586n } },
      'first token after 1,182 ms, 3 requests in the queue, prefill by worker 7, worker 18224117679878816586',
    ],
    ['one worker for both', { workerId: { prefillWorkerId: 7n, decodeWorkerId: 7n } }, 'worker 7'],
  ])('tells how Dynamo served the last answer: %s', (_what, served, text) => {
    const lastAnswer = { inputTokens: 10, cachedTokens: 0, outputTokens: 1, served }
    expect(describeStatus({ ...fine, lastAnswer }).split('\n')).toContain(`served       ${text}`)
  })

  it("tells the share that Dynamo's router knows where the answer counts no cached tokens", () => {
    const lastAnswer = { inputTokens: 10, cachedTokens: 0, outputTokens: 1, served: { timing: { kvHitRate: 0.5 } } }
    expect(describeStatus({ ...fine, lastAnswer })).toContain('10 input tokens, 50 % of them cached')
  })

  it.each<[string, HintStatus, readonly string[]]>([
    [
      'where nobody gave them, and those of the last turn',
      {
        hints: { priority: 2, speculativePrefill: true },
        reasons: {
          priority: "a subagent, 1 below its parent's 3",
          outputLength: 'learnt from the third answer on',
          speculativePrefill: 'tools take about 40 ms',
        },
        sent: { priority: 2 },
      },
      [
        "hints        priority 2 (a subagent, 1 below its parent's 3), osl not now (learnt from the third answer on), speculative_prefill true (tools take about 40 ms)",
        'last sent    priority 2',
      ],
    ],
    [
      'which the queue cannot tell from 0',
      { hints: { priority: -1 }, reasons: { priority: "a subagent, 1 below its parent's 0" }, sent: {} },
      ["hints        priority -1 (a subagent, 1 below its parent's 0, for Dynamo's queue 0)", 'last sent    none'],
    ],
  ])('tells of hints why: %s', (_what, hints, lines) => {
    expect(describeStatus({ ...fine, hints }).split('\n').slice(-2)).toEqual(lines)
  })

  const unreachable = new DynamoAgentError({
    code: 'DYN_HTTP_UNREACHABLE',
    message: 'http://127.0.0.1:8000/v1/models cannot be reached: connect ECONNREFUSED',
    advice: 'Start the frontend, or set DYNAMO_BASE_URL to where it listens.',
  })
  const useless = new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: 'the context that the application gives cannot be used: no such channel',
    advice: 'Make `contextOf` return one.',
  })
  const full = new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: 'cannot write to /logs/harness.jsonl: ENOSPC',
    advice: 'Make room on the disk.',
  })
  const problem = { variable: 'DYN_AGENT_PRIORITY', value: 'high', problem: 'is not a whole number' }

  it.each<[string, Partial<Status>, string]>([
    ['a frontend that is not there', { models: { count: 0, problem: unreachable } }, `${unreachable.message}\n        ${unreachable.advice}`],
    ['an application that fails', { contextProblem: useless }, `${useless.message}\n        ${useless.advice}`],
    ['a frontend without workers', { models: { count: 0 } }, 'the frontend lists no model\n        Start a worker: Pi finds its models within seconds.'],
    [
      'tool events that nobody takes',
      { toolEvents: { endpoint, counters: relay({ queued: 4 }), waitingMs: 2000 } },
      `nobody takes tool events at ${endpoint}\n        Before starting the frontend: export DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_ENDPOINT=${endpoint}`,
    ],
    [
      'tool events that nobody takes any more',
      { toolEvents: { endpoint, counters: relay({ sent: 3, queued: 7 }), waitingMs: 2000 } },
      `nobody takes tool events at ${endpoint} any more\n        Start the frontend again: those that wait are sent once it listens.`,
    ],
    [
      'tool events that are lost',
      { toolEvents: { endpoint, counters: relay({ sent: 3, dropped: 2 }), waitingMs: 0 } },
      '2 tool events are lost\n        Nobody took them for long, or a tool or an id has a name that Dynamo refuses.',
    ],
    ['a harness log that cannot be written', { harnessLog: { ...log, problem: full } }, `${full.message}\n        ${full.advice}`],
    [
      'a variable that cannot be used',
      { environmentProblems: [problem] },
      'DYN_AGENT_PRIORITY=high is not a whole number, and is passed over\n        Correct or unset DYN_AGENT_PRIORITY, and start Pi again.',
    ],
    [
      'a setting that cannot be used',
      { settingProblems: [{ file: '/home/.pi/agent/settings.json', setting: 'dynamo.priority', problem: 'is not a whole number: high' }] },
      'dynamo.priority in /home/.pi/agent/settings.json is not a whole number: high\n        Correct it there, then type /reload.',
    ],
  ])('tells what to do about %s', (_what, wrong, trouble) => {
    const text = describeStatus({ ...fine, ...wrong })
    expect(text.endsWith(`\nFAIL  ${trouble}`)).toBe(true)
    expect(describeBriefly({ ...fine, ...wrong })).toBe('Dynamo 1.6.1: see /dynamo')
  })

  it('sees nothing wrong in tool events that wait for a connection', () => {
    const status = { ...fine, toolEvents: { endpoint, counters: relay({ queued: 2 }), waitingMs: 1999 } }
    expect(describeStatus(status)).toContain(`tool events  0 sent to ${endpoint}, 2 waiting, 0 dropped`)
    expect(describeStatus(status)).not.toContain('FAIL')
    expect(describeBriefly(status)).toBe('Dynamo 1.6.1, 97 % cached')
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

  const noTokens = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }

  it('sends those whose request has failed to the command', () => {
    expect(describeBriefly({ ...fine, lastAnswer: { ...noTokens, error: '503 busy' } })).toBe('Dynamo 1.6.1: see /dynamo')
  })

  it('tells no share of an answer that was stopped', () => {
    expect(describeBriefly({ ...fine, lastAnswer: { ...noTokens, isAborted: true } })).toBe('Dynamo 1.6.1')
  })
})
