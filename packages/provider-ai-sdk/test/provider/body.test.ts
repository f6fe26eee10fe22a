// SPDX-License-Identifier: Apache-2.0
import { generateText, isStepCount, tool, type JSONValue } from 'ai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createDynamo, withAgentSession, type DynamoHints } from '../../src/index.ts'
import { ask } from '../helpers/ask.ts'
import { setStage, type ScriptedTurn } from '../helpers/stage.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('hints', () => {
  const environment = { DYN_AGENT_PRIORITY: '1', DYN_AGENT_OSL: '10', DYN_AGENT_STRICT_PRIORITY: '1' }
  const layers: Record<'provider' | 'session' | 'subagent' | 'call', DynamoHints> = {
    provider: { priority: 2, outputLength: 20 },
    session: { priority: 3, speculativePrefill: true },
    subagent: { priority: 4 },
    call: { priority: 5 },
  }

  it.each<[string, (keyof typeof layers)[], object]>([
    ['of the environment', [], { priority: 1, osl: 10, strict_priority: 1 }],
    ['of the provider', ['provider'], { priority: 2, osl: 20, strict_priority: 1 }],
    ['of a session', ['provider', 'session'], { priority: 3, osl: 20, strict_priority: 1, speculative_prefill: true }],
    [
      'of a subagent',
      ['session', 'subagent'],
      { priority: 4, osl: 10, strict_priority: 1, speculative_prefill: true },
    ],
    [
      'of a call',
      ['provider', 'session', 'call'],
      { priority: 5, osl: 20, strict_priority: 1, speculative_prefill: true },
    ],
  ])('%s win over those below, key by key', async (_whose, given, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    await using stage = await setStage(['Hello.'])
    const of = (layer: keyof typeof layers) => (given.includes(layer) ? layers[layer] : undefined)
    const hints = of('call')
    const call = await withAgentSession({ sessionId: 'S', hints: of('session') }, () =>
      withAgentSession({ sessionId: 'S', trajectoryId: 'T', hints: of('subagent') }, () =>
        ask(stage, { settings: { hints: of('provider') }, ...(hints && { dynamo: { hints } }) }),
      ),
    )
    expect(call.body.nvext).toMatchObject({ agent_hints: expected })
  })

  it('go without a session too', async () => {
    await using stage = await setStage(['Hello.'])
    const { body } = await ask(stage, { dynamo: { hints: { priority: 5 } } })
    expect(body.nvext).toMatchObject({ agent_hints: { priority: 5 } })
  })

  it('that are no hints do no harm', async () => {
    await using stage = await setStage(['Hello.'])
    const { body } = await withAgentSession('a', () => ask(stage, { dynamo: { hints: null, nvext: null } as object }))
    expect(body.nvext).toEqual({ extra_fields: ['worker_id', 'timing'] })
  })

  it('that Dynamo would refuse are made such as it takes', async () => {
    await using stage = await setStage(['Hello.'])
    const hints = { priority: 1.4, strictPriority: -3, outputLength: Number.NaN }
    const { body, status } = await ask(stage, { dynamo: { hints } })
    expect(status).toBe(200)
    expect(body.nvext).toMatchObject({ agent_hints: { priority: 1, strict_priority: 0 } })
  })
})

describe('a priority policy', () => {
  it('lowers subagents below what they have from above, and leaves alone what they are given', async () => {
    vi.stubEnv('DYN_AGENT_PRIORITY_POLICY', 'subagents=2')
    vi.stubEnv('DYN_AGENT_PRIORITY', '20')
    await using stage = await setStage(['Hello.'])
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    const turn = () => generateText({ model, prompt: 'Hi' })
    await withAgentSession('unhinted', async () => {
      await turn()
      await withAgentSession('child', turn)
    })
    await withAgentSession({ sessionId: 'hinted', hints: { priority: 9 } }, async () => {
      await turn()
      await withAgentSession('reader', async () => {
        await turn()
        await withAgentSession('reader of the reader', turn)
      })
      await withAgentSession({ sessionId: 'hinted', trajectoryId: 'vip', hints: { priority: 30 } }, turn)
    })
    const priorities = stage.proxy.calls.map(({ body }) => (body.nvext as { agent_hints: object }).agent_hints)
    expect(priorities).toEqual([20, 18, 9, 7, 5, 30].map((priority) => ({ priority })))
  })
})

describe('a speculative prefill that is learnt', () => {
  it('is wanted while the tools of the trajectory are short', async () => {
    await using stage = await setStage([...Array<ScriptedTurn>(4).fill({ toolCalls: [{ name: 'look_up' }] }), 'Done.'])
    const model = createDynamo({ baseURL: stage.baseURL, hints: { speculativePrefill: 'auto' } })('scripted')
    const tools = { look_up: tool({ inputSchema: z.object({}), execute: () => 'found' }) }
    await withAgentSession('a', () => generateText({ model, prompt: 'Hi', tools, stopWhen: isStepCount(9) }))
    const wanted = stage.proxy.calls.map(({ body }) => (body.nvext as { agent_hints?: object }).agent_hints)
    const warm = { speculative_prefill: true }
    expect(wanted).toEqual([undefined, undefined, undefined, warm, warm])
  })
})

describe('an output length that is learnt', () => {
  const osl = (body: Readonly<Record<string, unknown>>) =>
    (body.nvext as { agent_hints?: { osl?: number } }).agent_hints?.osl

  it('is the mean of the latest answers of the trajectory, from the third on', async () => {
    await using stage = await setStage([{ text: 'Hello.', outputTokens: 40 }])
    const model = createDynamo({ baseURL: stage.baseURL, hints: { outputLength: 'auto' } })('scripted')
    const turn = (id: string) => withAgentSession(id, () => generateText({ model, prompt: 'Hi' }))
    for (const id of ['a', 'a', 'b', 'a', 'a', 'b']) await turn(id)
    expect(stage.proxy.calls.map(({ body }) => osl(body))).toEqual([
      undefined, undefined, undefined, undefined, 40, undefined,
    ])
  })

  it('is what the layers below say until it is known', async () => {
    vi.stubEnv('DYN_AGENT_OSL', '7')
    await using stage = await setStage([{ text: 'Hello.', outputTokens: 40 }])
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    const providerOptions = { dynamo: { hints: { outputLength: 'auto' } } }
    for (let turn = 0; turn < 4; turn++) {
      await withAgentSession('a', () => generateText({ model, prompt: 'Hi', providerOptions }))
    }
    expect(stage.proxy.calls.map(({ body }) => osl(body))).toEqual([7, 7, 7, 40])
  })

  it('may be wanted by the environment', async () => {
    vi.stubEnv('DYN_AGENT_OSL', 'auto')
    await using stage = await setStage([{ text: 'Hello.', outputTokens: 40 }])
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    for (let turn = 0; turn < 4; turn++) await withAgentSession('a', () => generateText({ model, prompt: 'Hi' }))
    expect(stage.proxy.calls.map(({ body }) => osl(body)).at(-1)).toBe(40)
  })
})

describe('nvext', () => {
  it('of a call wins, key by key', async () => {
    await using stage = await setStage(['Hello.'])
    const { body } = await withAgentSession({ sessionId: 'S', hints: { priority: 1, outputLength: 9 } }, () =>
      ask(stage, { dynamo: { nvext: { agent_hints: { priority: 7 }, cache_salt: 'salt' } } }),
    )
    expect(body.nvext).toEqual({
      agent_hints: { priority: 7, osl: 9 },
      cache_salt: 'salt',
      extra_fields: ['worker_id', 'timing'],
    })
  })

  it.each<[string, object, unknown]>([
    ['the provider', { settings: { extraFields: ['timing'] } }, { extra_fields: ['timing'] }],
    [
      'the call',
      { settings: { extraFields: ['timing'] }, dynamo: { extraFields: ['worker_id'] } },
      { extra_fields: ['worker_id'] },
    ],
    ["the call's own nvext", { dynamo: { nvext: { extra_fields: [] } } }, { extra_fields: [] }],
    ['a provider that asks for nothing', { settings: { extraFields: [] } }, undefined],
  ])('asks for what %s wants to know', async (_who, question, nvext) => {
    await using stage = await setStage(['Hello.'])
    expect((await ask(stage, question)).body.nvext).toEqual(nvext)
  })
})

describe('the body', () => {
  it('has what else stands among the options, as it is', async () => {
    await using stage = await setStage(['Hello.'])
    const extra: Record<string, JSONValue> = { chat_template_args: { enable_thinking: false }, min_tokens: 2 }
    const { body } = await ask(stage, { dynamo: { user: 'u', ...extra } })
    expect(body).toMatchObject({ user: 'u', ...extra })
    expect(Object.keys(body)).not.toContain('hints')
  })

  it('lacks what the release at hand would refuse it for', async () => {
    await using stage = await setStage(['Hello.'])
    const dynamo = { textVerbosity: 'low', prompt_cache_retention: '24h' } as object
    const { body, status } = await ask(stage, { dynamo })
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('verbosity')
    expect(body).not.toHaveProperty('prompt_cache_retention')
  })

  it('of a stream asks for usage', async () => {
    await using stage = await setStage(['Hello.'])
    const model = createDynamo({ baseURL: stage.baseURL })('scripted')
    await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] })
    expect(stage.proxy.calls).toMatchObject([{ body: { stream: true, stream_options: { include_usage: true } } }])
  })
})
