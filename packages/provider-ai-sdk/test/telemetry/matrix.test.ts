// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { registerDynamo, type DynamoRegistration } from '../../src/telemetry/index.ts'
import { sdks, type InstalledSdk } from '../helpers/sdks.ts'
import { setStage, type ScriptedConversation, type Stage } from '../helpers/stage.ts'
import { toldStories } from '../helpers/told-stories.ts'
import { aborts } from './situations/aborts.ts'
import { mcp } from './situations/mcp.ts'
import { settings } from './situations/settings.ts'
import { done, type Scene } from './situations/situation.ts'
import { subagentConversations, subagents } from './situations/subagents.ts'
import { tools } from './situations/tools.ts'

const situations = [...tools, ...mcp, ...aborts, ...subagents, ...settings]

/** All situations at once, each in a session of its own. */
async function playAll(installed: InstalledSdk, stage: Stage): Promise<readonly PromiseSettledResult<unknown>[]> {
  const sdk = await installed.load()
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  const stopWhen = sdk.stepCountIs(4)
  const agent: Scene['agent'] = (tools, instructions) =>
    new sdk.ToolLoopAgent({ model, tools, ...(instructions !== undefined && { instructions }) })
  const plays = situations.map(({ play }, index) => {
    const prompt = promptOf(index)
    const inSession: Scene['inSession'] = (fn) => withAgentSession(sessionOf(index), fn)
    const generate: Scene['generate'] = (tools, options) =>
      inSession(() => sdk.generateText({ model, prompt, tools, stopWhen, ...options } as never))
    const stream: Scene['stream'] = (tools, options) =>
      inSession(() => sdk.streamText({ model, prompt, tools, stopWhen, ...options } as never))
    return play({ sdk, generate, stream, agent, inSession, prompt })
  })
  return Promise.allSettled(plays)
}

const promptOf = (index: number) => `Situation ${index}.`
const sessionOf = (index: number) => `chat-${index}`
const conversations: readonly ScriptedConversation[] = [
  ...subagentConversations,
  ...situations.map(({ turns }, index) => ({ name: promptOf(index), when: { user: promptOf(index) }, turns })),
]

describe.each(sdks)('with ai $version', (installed) => {
  let stage: Stage
  let registration: DynamoRegistration
  let results: readonly PromiseSettledResult<unknown>[]
  let stories: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    stage = await setStage([done], { others: conversations })
    registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
    results = await playAll(installed, stage)
    await vi.waitUntil(() => registration.counters.open === 0, { timeout: 10_000 })
    await registration.close()
    stories = await toldStories(stage)
  }, 60_000)
  afterAll(() => stage[Symbol.asyncDispose]())

  it.each(situations.map((situation, index) => ({ ...situation, index })))('$name', ({ index, told }) => {
    expect(results[index]).toMatchObject({ status: 'fulfilled' })
    expect(stories.get(sessionOf(index))).toEqual([...(typeof told === 'function' ? told(installed) : told)].sort())
  })

  it('no call is left open, and no event is lost', () => {
    expect(registration.counters).toMatchObject({ open: 0, orphaned: 0, unattributed: 0, queued: 0, dropped: 0 })
    expect(stage.frontend.counters.toolEvents).toMatchObject({ dropped: 0, cancelled: 0 })
    expect(stories.size).toBe(situations.length)
  })
})
