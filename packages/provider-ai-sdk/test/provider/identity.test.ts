// SPDX-License-Identifier: Apache-2.0
import { generateText, streamText } from 'ai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { ask } from '../helpers/ask.ts'
import type { RecordedCall } from '../helpers/recording-proxy.ts'
import { setStage } from '../helpers/stage.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
const subagent = { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'reviewer' }

/** What of the headers says who calls. */
function identityOf({ headers }: RecordedCall) {
  const names = ['x-dynamo-session-id', 'x-dynamo-parent-session-id', 'x-dynamo-session-final', 'x-request-id']
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('to Dynamo 1.3 and later', () => {
  it('identity travels in headers', async () => {
    await using stage = await setStage(['Hello.'])
    const call = await withAgentSession(subagent, () => ask(stage))
    expect(identityOf(call)).toEqual({
      'x-dynamo-session-id': 'T',
      'x-dynamo-parent-session-id': 'P',
      'x-request-id': expect.stringMatching(uuid) as string,
    })
    expect(call.body.nvext).toEqual({ extra_fields: ['worker_id', 'timing'] })
  })

  it('a call of nobody has a request id alone', async () => {
    await using stage = await setStage(['Hello.'])
    expect(identityOf(await ask(stage))).toEqual({ 'x-request-id': expect.stringMatching(uuid) as string })
  })

  it('the environment names who calls', async () => {
    vi.stubEnv('DYN_AGENT_SESSION_ID', 'run-1')
    await using stage = await setStage(['Hello.'])
    expect(identityOf(await ask(stage))).toMatchObject({ 'x-dynamo-session-id': 'run-1' })
  })

  it('the last call of a trajectory may say so', async () => {
    await using stage = await setStage(['Hello.'])
    await withAgentSession('chat-1', () => ask(stage, { dynamo: { sessionFinal: true } }))
    expect((await stage.rows()).requests).toMatchObject([{ identity: { trajectoryId: 'chat-1', sessionFinal: true } }])
  })

  it.each<[string, Record<string, string>]>([
    ['off in the environment', { DYN_AGENT_SESSION_FINAL: '0' }],
    ['of nobody', {}],
  ])('nothing is final where that is %s', async (what, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    await using stage = await setStage(['Hello.'])
    const final = () => ask(stage, { dynamo: { sessionFinal: true } })
    const call = await (what === 'of nobody' ? final() : withAgentSession('chat-1', final))
    expect(call.headers).not.toHaveProperty('x-dynamo-session-final')
  })
})

describe('to Dynamo 1.2', () => {
  it('identity travels in the body', async () => {
    await using stage = await setStage(['Hello.'], { generation: '1.2' })
    const call = await withAgentSession(subagent, () => ask(stage, { dynamo: { sessionFinal: true } }))
    expect(identityOf(call)).toEqual({ 'x-request-id': expect.stringMatching(uuid) as string })
    expect((await stage.rows()).requests).toMatchObject([{ identity: subagent }])
  })

  it('a stream carries it too', async () => {
    await using stage = await setStage(['Hello.'], { generation: '1.2' })
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    expect(await withAgentSession('chat-1', () => streamText({ model, prompt: 'Hi' }).text)).toBe('Hello.')
    const identity = { sessionId: 'chat-1', trajectoryId: 'chat-1', sessionTypeId: 'ai_sdk_agent' }
    expect((await stage.rows()).requests).toMatchObject([{ identity }])
  })
})

it('a dialect that was set wrongly mends itself, and nobody notices', async () => {
  await using stage = await setStage(['Hello.'])
  await withAgentSession(subagent, () => ask(stage, { settings: { dialect: 'agent-context-body' } }))
  expect(stage.proxy.calls.map(({ status }) => status)).toEqual([400, 200])
  expect((await stage.rows()).requests).toMatchObject([{ identity: { trajectoryId: 'T', parentTrajectoryId: 'P' } }])
})

it('a frontend that does not tell its release holds no call up', async () => {
  await using stage = await setStage(['Hello.'])
  const fetch: typeof globalThis.fetch = (input, init) =>
    init?.method === 'POST' ? globalThis.fetch(input, init) : new Promise(() => undefined)
  const call = await withAgentSession(subagent, () => ask(stage, { settings: { fetch } }))
  expect(identityOf(call)).toMatchObject({ 'x-dynamo-session-id': 'T' })
})

describe('what somebody has set stays', () => {
  it.each<[string, object]>([
    ["a call's request id, in any letter case", { headers: { 'X-Request-Id': 'mine' } }],
    ["a provider's", { settings: { headers: { 'X-Request-Id': 'mine' } } }],
    [
      "a call's, over its provider's",
      { settings: { headers: { 'X-Request-Id': 'p' } }, headers: { 'x-request-id': 'mine' } },
    ],
  ])('%s', async (_what, question) => {
    await using stage = await setStage(['Hello.'])
    const call = await withAgentSession('chat-1', () => ask(stage, question))
    expect(identityOf(call)).toEqual({ 'x-dynamo-session-id': 'chat-1', 'x-request-id': 'mine' })
  })

  it('a request id, which metadata name too', async () => {
    await using stage = await setStage(['Hello.'])
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    const { finalStep } = await generateText({ model, prompt: 'Hi', headers: { 'x-request-id': 'mine' } })
    expect(finalStep.providerMetadata?.dynamo?.requestId).toBe('mine')
  })

  it('a session of another choice, without our parent', async () => {
    await using stage = await setStage(['Hello.'])
    const headers = { 'x-dynamo-session-id': 'mine' }
    const call = await withAgentSession(subagent, () => ask(stage, { headers }))
    expect(identityOf(call)).toEqual({ 'x-dynamo-session-id': 'mine', 'x-request-id': expect.any(String) as string })
  })
})

it('DYN_AGENT_DISABLE leaves the models working, and nothing else', async () => {
  vi.stubEnv('DYN_AGENT_DISABLE', '1')
  vi.stubEnv('DYN_AGENT_PRIORITY', '3')
  await using stage = await setStage(['Hello.'])
  const dynamo = { nvext: { annotations: [] }, hints: { priority: 5 }, reasoningEffort: 'low' }
  const call = await withAgentSession(subagent, () => ask(stage, { dynamo }))
  expect(identityOf(call)).toEqual({})
  expect(call.body).toMatchObject({ reasoning_effort: 'low', nvext: { annotations: [] } })
  expect(call.body.nvext).not.toHaveProperty('agent_hints')
  // Nobody has asked the frontend which Dynamo it is.
  expect(stage.frontend.counters.requests.received).toBe(1)
})
