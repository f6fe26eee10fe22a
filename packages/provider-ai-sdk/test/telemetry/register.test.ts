// SPDX-License-Identifier: Apache-2.0
import { sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { dynamoTelemetry, registerDynamo } from '../../src/telemetry/index.ts'
import { sdks, type InstalledSdk } from '../helpers/sdks.ts'
import { setStage, type Stage } from '../helpers/stage.ts'
import { toldStories } from '../helpers/told-stories.ts'

const turns = [{ toolCalls: [{ name: 'look_up', arguments: {} }] }, 'Found.']
const whole = ['look_up running, succeeded', 'request', 'request']
const newest: InstalledSdk = { version: '7.0.173', major: 7, load: () => import('ai') }

interface RunOptions {
  readonly installed?: InstalledSdk
  readonly session?: string | undefined
  readonly execute?: () => unknown
  readonly telemetry?: object
}

/** Lets the scripted model use a tool; in no session if `session` is given as undefined. */
async function run(stage: Stage, options: RunOptions = {}): Promise<void> {
  const { installed = newest, execute = () => 'found', telemetry } = options
  const { generateText, stepCountIs } = await installed.load()
  const tools = { look_up: { inputSchema: z.object({}), execute } }
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  const settings = { model, prompt: 'Hi', tools, stopWhen: stepCountIs(3), experimental_telemetry: telemetry }
  const generate = async () => {
    await generateText(settings as never)
  }
  const { session = 'chat' } = 'session' in options ? { session: options.session ?? '' } : {}
  await (session === '' ? generate() : withAgentSession(session, generate))
}

const integrations = () =>
  (globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] }).AI_SDK_TELEMETRY_INTEGRATIONS ?? []
const nothing = {
  open: 0,
  orphaned: 0,
  unattributed: 0,
  sent: 0,
  queued: 0,
  dropped: 0,
  logged: 0,
  unlogged: 0,
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('tool events go', () => {
  it('to the endpoint of the options', async () => {
    await using stage = await setStage(turns)
    vi.stubEnv('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', 'tcp://127.0.0.1:9')
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    await run(stage)
    await registration.flush()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
    expect(registration.counters).toEqual({ ...nothing, sent: 2 })
  })

  it('else to that of the environment', async () => {
    await using stage = await setStage(turns)
    vi.stubEnv('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', stage.frontend.toolEventsEndpoint)
    await using registration = registerDynamo()
    await run(stage)
    await registration.close()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
  })

  it('through a relay of the application, which stays open', async () => {
    await using stage = await setStage(turns)
    const { toolEventsEndpoint: endpoint = '' } = stage.frontend
    await using relay = createToolEventRelay({ endpoint, dialect: sessionHeadersDialect })
    const registration = registerDynamo({ relay })
    await run(stage)
    await registration.close()
    expect(registration.counters).toEqual({ ...nothing, sent: 2 })
    const event = { type: 'tool_end', timeMs: 1, tool: { toolCallId: 'own', toolClass: 'own' } } as const
    expect(relay.send({ sessionId: 'S', trajectoryId: 'S', sessionTypeId: 'own' }, event)).toBe(true)
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
  })

  it('nowhere without an endpoint, and nothing is wrong', async () => {
    await using stage = await setStage(turns)
    vi.stubEnv('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', '')
    await using registration = registerDynamo()
    await run(stage)
    await registration.flush()
    await registration.ready
    expect((await toldStories(stage)).get('chat')).toEqual(['request', 'request'])
    expect(registration).toMatchObject({ counters: nothing, problem: undefined })
  })
})

describe('tool events speak', () => {
  it.each(['1.2', '1.3+'] as const)('the dialect that the calls of our provider go with (%s)', async (generation) => {
    await using stage = await setStage(turns, { generation })
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    await run(stage)
    await registration.close()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 2, dropped: 0 })
  })

  it.each(['1.2', '1.3+'] as const)('the dialect of the options, whoever it is sent to (%s)', async (generation) => {
    await using stage = await setStage(turns, { generation })
    const { toolEventsEndpoint: endpoint } = stage.frontend
    await using registration = registerDynamo({ endpoint, dialect: 'agent-context-body' })
    await run(stage)
    await registration.close()
    await stage.rows()
    const taken = generation === '1.2'
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: taken ? 2 : 0, dropped: taken ? 0 : 2 })
  })
})

describe.each(sdks)('each call is told once with ai $version', (installed) => {
  it('to the latest of several registrations', async () => {
    await using stage = await setStage(turns)
    const { toolEventsEndpoint: endpoint } = stage.frontend
    await using earlier = registerDynamo({ endpoint })
    await using later = registerDynamo({ endpoint })
    await run(stage, { installed, session: 'both' })
    await later.close()
    await run(stage, { installed, session: 'earlier' })
    await earlier.close()
    const stories = await toldStories(stage)
    expect([stories.get('both'), stories.get('earlier')]).toEqual([whole, whole])
    expect([earlier.counters.sent, later.counters.sent]).toEqual([2, 2])
  })

  it('where our integration stands in the list of a call too', async () => {
    await using stage = await setStage(turns)
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    const telemetry = { isEnabled: true, integrations: [dynamoTelemetry(), dynamoTelemetry()] }
    await run(stage, { installed, telemetry })
    await registration.close()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
  })

  it('where a later registration wants no tool events', async () => {
    await using stage = await setStage(turns)
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    await using _ = registerDynamo({ endpoint: '' })
    await run(stage, { installed })
    await registration.close()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
  })

  it('for each of two calls that the model gives one id', async () => {
    await using stage = await setStage(['Found.'])
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    const call = { id: 'call_0', type: 'function', function: { name: 'look_up', arguments: '{}' } }
    const message = { role: 'assistant', content: null, tool_calls: [call, call] }
    const body = JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }] })
    stage.proxy.intercept(1, { status: 200, body, contentType: 'application/json' })
    await run(stage, { installed })
    await registration.flush()
    expect(registration.counters).toEqual({ ...nothing, sent: 4 })
  })

  it('and counted, where it belongs to no session', async () => {
    await using stage = await setStage(turns)
    await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    await run(stage, { installed, session: undefined })
    expect(registration.counters).toEqual({ ...nothing, unattributed: 1 })
  })

  it('and closed as cancelled, where it never ends', async () => {
    await using stage = await setStage(turns)
    const registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    void run(stage, { installed, execute: () => new Promise(() => undefined) })
    await vi.waitUntil(() => registration.counters.open === 1, { timeout: 5000 })
    await registration.close()
    expect(registration.counters).toEqual({ ...nothing, orphaned: 1, sent: 2 })
    expect((await toldStories(stage)).get('chat')).toEqual(['look_up running, cancelled', 'request'])
    expect(stage.frontend.counters.toolEvents).toMatchObject({ cancelled: 0 })
  })
})

describe('a registration that is closed', () => {
  it('leaves no trace in the SDK', async () => {
    await using stage = await setStage(turns)
    const before = [...integrations()]
    const listeners = process.listenerCount('SIGTERM')
    const registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    expect(integrations()).toEqual([...before, dynamoTelemetry()])
    const closing = registration.close()
    expect(registration.close()).toBe(closing)
    await closing
    expect(integrations()).toEqual(before)
    expect(process.listenerCount('SIGTERM')).toBe(listeners)
    await run(stage)
    expect((await toldStories(stage)).get('chat')).toEqual(['request', 'request'])
  })

  it('is told of the end of no call of later ones', async () => {
    await using stage = await setStage(turns)
    const { toolEventsEndpoint: endpoint } = stage.frontend
    await using later = registerDynamo({ endpoint })
    await run(stage, {
      execute: async () => {
        await registerDynamo({ endpoint }).close()
        return 'found'
      },
    })
    await later.close()
    expect((await toldStories(stage)).get('chat')).toEqual(whole)
  })
})

describe('what is wrong is a warning of the process, and the host goes on', () => {
  const warned = async () => {
    const [warning] = (await once(process, 'warning')) as [Error & { code?: string }]
    return { code: warning.code, message: warning.message }
  }

  it.each([
    ['an endpoint of the options', { endpoint: 'localhost' }, ''],
    ['an endpoint of the environment', {}, 'localhost'],
  ])('%s that is none', async (_what, options, variable) => {
    await using stage = await setStage(turns)
    vi.stubEnv('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', variable)
    const warning = warned()
    await using registration = registerDynamo(options)
    expect(await warning).toEqual({
      code: 'DYN_INVALID_ENDPOINT',
      message: expect.stringContaining('"localhost" is not a ZeroMQ endpoint') as string,
    })
    await run(stage)
    expect(registration.counters).toEqual({ ...nothing, dropped: 2 })
    expect(registration.problem?.code).toBe('DYN_INVALID_ENDPOINT')
    expect((await toldStories(stage)).get('chat')).toEqual(['request', 'request'])
  })

  it('a limit that is none', async () => {
    const warning = warned()
    await using registration = registerDynamo({ endpoint: 'tcp://127.0.0.1:9', lingerMs: -1 })
    expect(await warning).toMatchObject({ code: 'DYN_INVALID_OPTION' })
    expect(registration.problem?.code).toBe('DYN_INVALID_OPTION')
  })
})

it('DYN_AGENT_DISABLE leaves the SDK alone', async () => {
  vi.stubEnv('DYN_AGENT_DISABLE', '1')
  vi.stubEnv('DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT', 'tcp://127.0.0.1:9')
  const before = [...integrations()]
  const registration = registerDynamo()
  expect(integrations()).toEqual(before)
  await registration.flush()
  await registration.close()
  expect(registration.counters).toEqual(nothing)
})
