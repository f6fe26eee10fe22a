// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { Agent } from '@earendil-works/pi-agent-core'
import { openAICompletionsApi, type Model } from '@earendil-works/pi-ai/compat'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentAgent } from '../../src/embed/instrument-agent.ts'
import type { PiAgent } from '../../src/embed/pi-agent.ts'
import { agentContextOfPiSession } from '../../src/session/session-registry.ts'
import { readHarnessRows, rowsOf } from '../helpers/harness-rows.ts'

const call = (name: string) => ({ name, arguments: {} })
const script = JSON.stringify({
  conversations: [
    { name: 'child', when: { system: 'child' }, turns: ['I looked.'] },
    { name: 'slow', when: { system: 'slow' }, turns: [{ toolCalls: [call('wait')] }, 'Never said.'] },
    { name: 'parent', turns: [{ toolCalls: [call('look'), call('fail')] }, 'Done.'] },
  ],
})

let folder = ''
let frontend: LocalFrontend
let environment: NodeJS.ProcessEnv

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instrument-agent-'))
  frontend = await startLocalFrontend({
    model: { script: parseScript(script, 'test'), engine: { speedup: 100 } },
    trace: { path: join(folder, 'trace.jsonl') },
  })
  environment = { ...frontend.environmentFor({}), DYN_AGENT_SESSION_FINAL: 'off' }
})
afterEach(async () => {
  await frontend.close()
  await rm(folder, { recursive: true })
})

async function records(): Promise<readonly TraceRecord[]> {
  await frontend.drain()
  const text = await readFile(join(folder, 'trace.jsonl'), 'utf8')
  return text
    .split('\n')
    .map((line) => parseTraceLine(line))
    .flatMap((line) => (line.kind === 'record' ? [line.record] : []))
}

/** What is on record of each trajectory: `parent > trajectory: events`. */
async function account(): Promise<readonly string[]> {
  const events = new Map<string, string[]>()
  for (const record of await records()) {
    const { trajectoryId = '?', parentTrajectoryId: parent } = record.identity ?? {}
    const key = parent === undefined ? trajectoryId : `${parent} > ${trajectoryId}`
    const event = record.type === 'request_end' ? 'request' : `${record.tool.toolClass} ${record.tool.status}`
    events.set(key, [...(events.get(key) ?? []), event])
  }
  return [...events].map(([who, what]) => `${who}: ${what.sort().join(', ')}`).sort()
}

interface AgentPlan {
  readonly sessionId?: string
  readonly system?: string
  readonly baseUrl?: string
  readonly look?: () => Promise<void>
}

function createAgent({ sessionId, system = 'parent', baseUrl = frontend.baseUrl, look }: AgentPlan): Agent {
  const model = {
    id: 'scripted',
    name: 'scripted',
    provider: 'our-own',
    api: 'openai-completions',
    baseUrl,
    reasoning: false,
    input: ['text'],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 4096,
  } satisfies Model<'openai-completions'>
  const tool = (name: string, run: (signal: AbortSignal | undefined) => Promise<void>) => ({
    name,
    label: name,
    description: name,
    parameters: { type: 'object', properties: {} },
    async execute(_id: string, _args: unknown, signal?: AbortSignal) {
      await run(signal)
      return { content: [{ type: 'text' as const, text: 'ok' }], details: {} }
    },
  })
  return new Agent({
    streamFn: (...call) => openAICompletionsApi().streamSimple(...call),
    getApiKey: () => 'key',
    ...(sessionId !== undefined && { sessionId }),
    initialState: {
      model: model as never,
      systemPrompt: system,
      tools: [
        tool('look', async () => look?.()),
        tool('fail', () => Promise.reject(new Error('no'))),
        tool('wait', (signal) => new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => { reject(new Error('aborted')) })
        })),
      ] as never,
    },
  })
}

describe('an instrumented agent', () => {
  it('is one trajectory with its calls and the calls of its tools', async () => {
    const agent = createAgent({ sessionId: 'channel-1' })
    await using instrument = instrumentAgent(agent, { environment })
    await agent.prompt('Go.')
    await instrument.close()
    expect(await account()).toEqual(['channel-1: fail error, fail running, look running, look succeeded, request, request'])
  })

  it('is the parent of an agent that one of its tools makes', async () => {
    const parent = createAgent({
      sessionId: 'parent',
      async look() {
        const child = createAgent({ sessionId: 'child', system: 'child' })
        await using _ = instrumentAgent(child, { environment })
        await child.prompt('Look.')
      },
    })
    await using instrument = instrumentAgent(parent, { environment })
    await parent.prompt('Go.')
    await instrument.close()
    expect((await account()).map((line) => line.replace(/:.*/, ''))).toEqual(['parent > child', 'parent'])
  })

  it('is who the application says', async () => {
    const context = createAgentContext({ sessionId: 'run', trajectoryId: 'reviewer', parentTrajectoryId: 'run' })
    const agent = createAgent({ sessionId: 'ignored', system: 'child' })
    await using instrument = instrumentAgent(agent, { environment, context })
    expect(instrument.context).toEqual(context)
    await agent.prompt('Go.')
    expect(await account()).toEqual(['run > reviewer: request'])
  })

  it('is asked for under ids that can be sent, whatever the application gives', async () => {
    const context = { sessionId: 'anna €', trajectoryId: 'T', parentTrajectoryId: 'T', sessionTypeId: 'desk' }
    const agent = createAgent({ sessionId: 'mended', system: 'child' })
    await using instrument = instrumentAgent(agent, { environment, context })
    expect(instrument.counters.identityRepairs).toBe(2)
    await agent.prompt('Go.')
    expect(await account()).toEqual([expect.stringMatching(/^anna_~[0-9a-f]{16} > T: request$/)])
  })

  it('lives beside others in one process, each with an identity of its own', async () => {
    const agents = ['channel-a', 'channel-b'].map((sessionId) => createAgent({ sessionId, system: 'child' }))
    const instruments = agents.map((agent) => instrumentAgent(agent, { environment }))
    await Promise.all(agents.map((agent) => agent.prompt('Go.')))
    await Promise.all(instruments.map((instrument) => instrument.close()))
    expect(await account()).toEqual(['channel-a: request', 'channel-b: request'])
  })

  it('has its aborted tool calls on record as cancelled', async () => {
    const agent = createAgent({ sessionId: 'aborted', system: 'slow' })
    await using instrument = instrumentAgent(agent, { environment })
    agent.subscribe((event) => {
      if (event.type === 'tool_execution_start') agent.abort()
    })
    await agent.prompt('Go.')
    await instrument.close()
    expect(await account()).toEqual(['aborted: request, wait cancelled, wait running'])
  })

  it('tells nothing to a frontend that is not the one in the environment', async () => {
    const agent = createAgent({ sessionId: 'private', system: 'child' })
    await using instrument = instrumentAgent(agent, {
      environment: { ...environment, DYNAMO_BASE_URL: 'http://127.0.0.1:9/v1', DYN_AGENT_DIALECT: 'session-headers' },
    })
    await agent.prompt('Go.')
    await instrument.close()
    expect((await records()).map(({ identity }) => identity)).toEqual([undefined])
  })

  it('has its turns in a harness log, with the request ids that Dynamo has', async () => {
    const path = join(folder, 'harness.jsonl')
    const agent = createAgent({ sessionId: 'logged' })
    await using instrument = instrumentAgent(agent, { environment: { ...environment, DYN_AGENT_HARNESS_LOG: path } })
    await agent.prompt('Go.')
    await instrument.close()
    const rows = await readHarnessRows(path)
    expect(rows.map(({ type }) => type)).toEqual(['session_start', 'turn_end', 'turn_end', 'session_end'])
    expect(new Set(rows.map(({ identity }) => identity.trajectoryId))).toEqual(new Set(['logged']))
    const turns = rowsOf(rows, 'turn_end').map(({ turn }) => turn)
    const requests = (await records()).flatMap((record) => (record.type === 'request_end' ? [record.request.xRequestId] : []))
    expect(turns.map(({ requestId }) => requestId)).toEqual(requests)
    expect(turns.map(({ context, toolCalls }) => [context.messages, toolCalls])).toEqual([
      [1, 2],
      [4, 0],
    ])
    expect(instrument.harnessLog).toMatchObject({ path, written: 4, dropped: 0 })
  })

  it('has a failed request in its harness log as soon as its run is over, and what continues as the next attempt', async () => {
    const path = join(folder, 'harness.jsonl')
    const agent = createAgent({ sessionId: 'failing', system: 'child' })
    await using instrument = instrumentAgent(agent, { environment: { ...environment, DYN_AGENT_HARNESS_LOG: path } })
    const { model } = agent.state
    agent.state.model = { ...model, id: 'not-served' }
    const proceed = async () => {
      agent.state.messages = agent.state.messages.slice(0, -1)
      await agent.continue()
    }
    await agent.prompt('Go.')
    await expect.poll(async () => (await readHarnessRows(path)).map(({ type }) => type), { timeout: 5000 }).toEqual([
      'session_start',
      'request_error',
      'turn_end',
    ])
    await proceed()
    agent.state.model = model
    await proceed()
    agent.state.model = { ...model, id: 'not-served' }
    await agent.prompt('Again.')
    await instrument.close()
    const errors = rowsOf(await readHarnessRows(path), 'request_error').map(({ error }) => error)
    expect(errors.map(({ attempt, willRetry, delayMs }) => [attempt, willRetry, delayMs])).toEqual([
      [1, false, undefined],
      [2, false, undefined],
      [1, false, undefined],
    ])
  })

  it('is as it was before, once it is closed', async () => {
    const agent = createAgent({ system: 'child' })
    const { streamFunction } = agent
    const instrument = instrumentAgent(agent, { environment })
    expect(agent.streamFunction).not.toBe(streamFunction)
    expect(['prompt', 'continue'].map((name) => Object.hasOwn(agent, name))).toEqual([true, true])
    await instrument.close()
    expect(agent.streamFunction).toBe(streamFunction)
    expect(['prompt', 'continue'].map((name) => Object.hasOwn(agent, name))).toEqual([false, false])
  })

  it('is known by any name of this host', async () => {
    const agent = createAgent({ sessionId: 'local', system: 'child', baseUrl: frontend.baseUrl.replace('127.0.0.1', 'localhost') })
    await using instrument = instrumentAgent(agent, { environment })
    await agent.prompt('Go.')
    await instrument.close()
    expect(await account()).toEqual(['local: request'])
  })

  it('is left alone where everything is switched off, and nobody told of it', async () => {
    const agent = createAgent({ system: 'child', sessionId: 'off' })
    const { streamFunction } = agent
    const callers = process.env.DYN_AGENT_CALLERS
    await using instrument = instrumentAgent(agent, { environment: { ...environment, DYN_AGENT_DISABLE: '1' } })
    expect(agent.streamFunction).toBe(streamFunction)
    expect(instrument.counters.toolEvents).toBeUndefined()
    expect(process.env.DYN_AGENT_CALLERS).toBe(callers)
    expect(agentContextOfPiSession('off')).toBeUndefined()
  })
})

describe('an odd agent', () => {
  /** Has what is looked at, and nothing else. */
  function createOddAgent(parts: Partial<Record<keyof PiAgent, unknown>> = {}) {
    const tell: ((event: unknown, signal?: AbortSignal) => void)[] = []
    const agent = {
      sessionId: 'odd',
      streamFunction: () => undefined,
      prompt: () => Promise.resolve(),
      continue: () => Promise.resolve(),
      subscribe: (listener: (typeof tell)[number]) => void tell.push(listener),
      ...parts,
    }
    return { agent: agent as unknown as PiAgent, tell: (event: unknown) => { for (const listener of tell) listener(event) } }
  }

  it('may tell of no signal, and of what nobody knows', async () => {
    const { agent, tell } = createOddAgent()
    await using instrument = instrumentAgent(agent, { environment })
    tell({ type: 'tool_execution_start', toolCallId: '1', toolName: 'look' })
    tell({ type: 'message_end' })
    tell({ type: 'turn_end' })
    tell(undefined)
    tell({ type: 'tool_execution_end', toolCallId: '1', toolName: 'look', result: {}, isError: false })
    await instrument.close()
    expect(await account()).toEqual(['odd: look running, look succeeded'])
  })

  it('may give nothing to unsubscribe with, and is not listened to once it is closed', async () => {
    const { agent, tell } = createOddAgent()
    const before = { ...agent }
    const instrument = instrumentAgent(agent, { environment })
    await instrument.close()
    tell({ type: 'tool_execution_start', toolCallId: '1', toolName: 'look' })
    expect(agent).toEqual(before)
    expect(await account()).toEqual([])
  })

  it('may refuse to be unsubscribed from, and to be as it was', async () => {
    const subscribe = () => () => {
      throw new Error('no')
    }
    const { agent } = createOddAgent({ subscribe })
    const instrument = instrumentAgent(agent, { environment })
    Object.freeze(agent)
    await instrument.close()
    expect(instrument.counters.sessionEnds.failed).toBe(0)
  })

  it.each([
    ['has no prompt', { prompt: undefined }, 'prompt'],
    ['has no continue', { continue: undefined }, 'continue'],
    ['cannot be subscribed to', { subscribe: undefined }, 'subscribe'],
    ['has no client for models', { streamFunction: undefined }, 'streamFunction'],
  ])('is refused as it was where it %s', (_which, parts, missing) => {
    const { agent } = createOddAgent(parts)
    const before = { ...agent }
    expect(() => instrumentAgent(agent, { environment })).toThrow(
      expect.objectContaining({
        code: 'DYN_INVALID_OPTION',
        message: expect.stringContaining(missing) as string,
        advice: expect.any(String) as string,
      }),
    )
    expect(agent).toEqual(before)
    expect(agentContextOfPiSession('odd')).toBeUndefined()
  })

  it.each([
    ['frozen', (agent: PiAgent) => Object.freeze(agent)],
    ['sealed', (agent: PiAgent) => Object.seal(agent)],
    ['read-only in part', (agent: PiAgent) => Object.defineProperty(agent, 'continue', { writable: false })],
  ])('is refused as it was where it is %s', (_how, close) => {
    const agent = createAgent({ sessionId: 'odd' })
    const { streamFunction } = agent
    close(agent)
    expect(() => instrumentAgent(agent, { environment })).toThrow(expect.objectContaining({ code: 'DYN_INVALID_OPTION' }))
    expect(agent.streamFunction).toBe(streamFunction)
    expect(Object.hasOwn(agent, 'prompt')).toBe(false)
    expect(agentContextOfPiSession('odd')).toBeUndefined()
  })
})
