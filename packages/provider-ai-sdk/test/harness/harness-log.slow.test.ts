// SPDX-License-Identifier: Apache-2.0
import type { TurnEndRecord } from '@dynamo-agent/core'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { registerDynamo, wrapTools } from '../../src/telemetry/index.ts'
import { harnessFile, tell, type HarnessFile } from '../helpers/harness-rows.ts'
import { sdks, type InstalledSdk } from '../helpers/sdks.ts'
import { setStage, type ScriptedTurn, type Stage, type StageOptions } from '../helpers/stage.ts'
import { abortedTool, untilAborted } from '../telemetry/situations/aborts.ts'
import { calls, done, lookUpTools, named, type Sdk } from '../telemetry/situations/situation.ts'
import { subagentConversations } from '../telemetry/situations/subagents.ts'

const found = [calls('look_up'), 'Found.']
const whole = ['session_start first-call', 'turn 0 succeeded', 'turn 1 succeeded', 'session_end close']
const turnsOf = (rows: Awaited<ReturnType<HarnessFile['rows']>>) =>
  rows.filter((row): row is TurnEndRecord => row.type === 'turn_end').map(({ turn }) => turn)

interface Play {
  readonly stage: Stage
  readonly sdk: Sdk
  /** Calls the model in the session `chat`, with up to four steps. */
  readonly generate: (options?: object) => PromiseLike<unknown>
  readonly stream: (options?: object) => PromiseLike<unknown>
}

interface Application extends StageOptions {
  /** Of the model. */
  readonly turns: readonly ScriptedTurn[]
  readonly play: (play: Play) => PromiseLike<unknown>
}

/** Lets a registered application play, and gives the log that it leaves. */
async function logOf({ load }: InstalledSdk, { turns, play, ...stageOptions }: Application) {
  const sdk = await load()
  await using stage = await setStage(turns, stageOptions)
  await using file = await harnessFile()
  const registration = registerDynamo({ harnessLog: file.path, endpoint: stage.frontend.toolEventsEndpoint })
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  const settings = { model, prompt: 'Hi', stopWhen: sdk.stepCountIs(4) }
  await play({
    stage,
    sdk,
    generate: (options) => withAgentSession('chat', () => sdk.generateText({ ...settings, ...options })),
    stream: (options) =>
      withAgentSession('chat', () => sdk.streamText({ ...settings, onError: () => undefined, ...options })).consumeStream(),
  })
  await registration.close()
  const rows = await file.rows()
  expect(registration.counters).toMatchObject({ logged: rows.length, unlogged: 0 })
  const text = rows.length === 0 ? '' : await readFile(file.path, 'utf8')
  return { rows, text, trace: await stage.rows() }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each(sdks)('with ai $version', (installed) => {
  const log = (turns: readonly ScriptedTurn[], play: Application['play'], options: StageOptions = {}) =>
    logOf(installed, { turns, play, ...options })

  it.each(['generate', 'stream'] as const)('each step of %s is a turn, which lasts until its tools have ended', async (method) => {
    const tools = named('look_up', () => delay(60, 'found it'))
    const { rows, trace } = await log(found, (play) => play[method]({ tools }))
    expect(tell(rows)).toEqual(whole)

    const [first, second] = turnsOf(rows)
    const [one, two] = trace.requests.map(({ request }) => request)
    expect(first).toMatchObject({
      provider: 'dynamo.chat',
      model: 'scripted',
      requestId: one?.xRequestId,
      toolCalls: 1,
      context: { messages: 1, bytes: 2, tokens: one?.inputTokens },
      usage: { inputTokens: one?.inputTokens, outputTokens: one?.outputTokens, cachedTokens: 0 },
    })
    expect(first).not.toHaveProperty('growth')
    expect(first?.durationMs).toBeGreaterThan(55)
    const bytes = 'Hi'.length + '{"word":"look_up"}'.length + 'found it'.length
    expect(second).toMatchObject({
      requestId: two?.xRequestId,
      toolCalls: 0,
      context: { messages: 3, bytes, tokens: two?.inputTokens },
      growth: { messages: 2, bytes: bytes - 2, tokens: (two?.inputTokens ?? 0) - (one?.inputTokens ?? 0) },
    })
    expect(rows.at(-1)).toMatchObject({ session: { turns: 2, toolCalls: 1, requestErrors: 0 } })
  })

  it('sizes and names are told, and nothing that somebody wrote', async () => {
    const secret = 'only between us'
    const tools = named('look_up', () => secret)
    const { text } = await log([calls('look_up'), secret], ({ generate }) => generate({ tools, prompt: secret }))
    expect(text).toContain('"event_type":"turn_end"')
    expect(text).not.toContain(secret)
    expect(text).not.toContain('word')
  })

  it.each(['generate', 'stream'] as const)('each failed attempt to %s is told, and the turn is one', async (method) => {
    const { rows, trace } = await log([done], async (play) => {
      play.stage.proxy.intercept(2)
      await play[method]()
    })
    expect(tell(rows)).toEqual([
      'session_start first-call',
      'request_error 503, attempt 1, will retry',
      'request_error 503, attempt 2, will retry',
      'turn 0 succeeded',
      'session_end close',
    ])
    expect(turnsOf(rows)).toMatchObject([{ requestId: trace.requests[0]?.request.xRequestId }])
    expect(rows.at(-1)).toMatchObject({ session: { turns: 1, requestErrors: 2 } })
  })

  it.each(['generate', 'stream'] as const)('as many attempts to %s are made as the call allows', async (method) => {
    const { rows } = await log([done], async (play) => {
      play.stage.proxy.intercept(2)
      await Promise.allSettled([play[method]({ maxRetries: 1 })])
    })
    expect(tell(rows)).toEqual([
      'session_start first-call',
      'request_error 503, attempt 1, will retry',
      'request_error 503, attempt 2',
      'turn 0 error',
      'session_end close',
    ])
  })

  it('a refusal is not tried again', async () => {
    const { rows } = await log([done], async ({ stage, generate }) => {
      await Promise.allSettled([generate({ model: createDynamo({ baseURL: stage.baseURL })('absent') })])
    })
    expect(tell(rows).slice(1, 3)).toEqual(['request_error 404, attempt 1', 'turn 0 error'])
  })

  it('a frontend that is gone is told by the code of the system', async () => {
    const { rows } = await log([done], async ({ stage, generate }) => {
      await stage.proxy[Symbol.asyncDispose]()
      await Promise.allSettled([generate({ maxRetries: 0 })])
    })
    expect(tell(rows).slice(1, 3)).toEqual(['request_error ECONNREFUSED, attempt 1', 'turn 0 error'])
  })

  it('an answer that fails half way is an error', async () => {
    const { rows } = await log([done], async ({ stage, stream }) => {
      const body = 'data: {"error":{"message":"out of memory","type":"Internal","code":500}}\n\n'
      stage.proxy.intercept(1, { status: 200, body, contentType: 'text/event-stream' })
      await Promise.allSettled([stream()])
    })
    expect(tell(rows).slice(1, 3)).toEqual(['request_error 500, attempt 1', 'turn 0 error'])
  })

  it.each(['generate', 'stream'] as const)('to abort %s cancels the turn, and is no error', async (method) => {
    const controller = new AbortController()
    const during = abortedTool(untilAborted)
    const { rows } = await log([calls('wait'), done], async (play) => {
      await Promise.allSettled([play[method]({ tools: during.tools, ...during.options })])
      controller.abort()
      await Promise.allSettled([play[method]({ abortSignal: controller.signal })])
    })
    expect(tell(rows).filter((sentence) => sentence.startsWith('turn'))).toContain('turn 0 cancelled')
    expect(tell(rows).join()).not.toMatch(/request_error|succeeded/)
  })

  it('an agent inside a tool is a trajectory of its own', async () => {
    const { rows, trace } = await log(
      [calls('research'), done],
      async ({ stage, sdk, generate }) => {
        const model = createDynamo({ baseURL: stage.baseURL })('scripted')
        const researcher = new sdk.ToolLoopAgent({ model, instructions: 'You research', tools: lookUpTools })
        const research = named('research', async () => (await researcher.generate({ prompt: 'Go' })).text)
        await generate({ tools: wrapTools(research) })
      },
      { others: subagentConversations },
    )
    expect(tell(rows)).toEqual(whole)
    const child = trace.requests.find(({ identity }) => identity?.parentTrajectoryId === 'chat')?.identity
    expect(tell(rows, child?.trajectoryId)).toEqual(whole)
    expect(rows.find(({ identity }) => identity.trajectoryId === child?.trajectoryId)?.identity).toMatchObject({
      sessionId: 'chat',
      parentTrajectoryId: 'chat',
    })
  })

  it('a session ends with the call that says it is the last', async () => {
    const { rows } = await log([done, done], async ({ generate }) => {
      await generate({ providerOptions: { dynamo: { sessionFinal: true } } })
      await generate()
    })
    const once = ['session_start first-call', 'turn 0 succeeded']
    expect(tell(rows)).toEqual([...once, 'session_end final-call', ...once, 'session_end close'])
  })

  it('calls that run at once in one session are counted each', async () => {
    const { rows } = await log(found, ({ generate }) =>
      Promise.all(Array.from({ length: 5 }, () => generate({ tools: lookUpTools }))),
    )
    expect(turnsOf(rows).map(({ turnIndex }) => turnIndex).sort((a, b) => a - b)).toEqual([...Array(10).keys()])
    expect(turnsOf(rows).every(({ outcome }) => outcome === 'succeeded')).toBe(true)
  })

  it('a call of no session leaves no row', async () => {
    const { rows } = await log([done], ({ stage, sdk }) =>
      sdk.generateText({ model: createDynamo({ baseURL: stage.baseURL })('scripted'), prompt: 'Hi' }),
    )
    expect(rows).toEqual([])
  })

  it.each([
    ['integrations of its own', { integrations: [] }],
    ['inputs and outputs hidden', { recordInputs: false, recordOutputs: false }],
    ['telemetry switched off', { isEnabled: false }],
  ])('a call with %s is told too', async (_what, telemetry) => {
    const { rows } = await log(found, ({ generate }) =>
      generate({ tools: lookUpTools, experimental_telemetry: telemetry }),
    )
    expect(tell(rows)).toEqual(whole)
  })

  it('generateObject, which has no steps, is a turn', async () => {
    vi.stubGlobal('AI_SDK_LOG_WARNINGS', false)
    const { rows } = await log(['{"city":"Oslo"}'], ({ stage, sdk }) =>
      withAgentSession('chat', () =>
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- Applications still have it.
        sdk.generateObject({
          model: createDynamo({ baseURL: stage.baseURL })('scripted'),
          output: 'no-schema',
          prompt: 'Hi',
        }),
      ),
    )
    expect(tell(rows)).toEqual(['session_start first-call', 'turn 0 succeeded', 'session_end close'])
  })
})
