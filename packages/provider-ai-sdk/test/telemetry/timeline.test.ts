// SPDX-License-Identifier: Apache-2.0
import { buildTraceModel } from '@dynamo-agent/trace-tools'
import { expect, it } from 'vitest'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { registerDynamo, wrapTools } from '../../src/telemetry/index.ts'
import { sdks } from '../helpers/sdks.ts'
import { setStage } from '../helpers/stage.ts'
import { calls, done, lookUpTools, named } from './situations/situation.ts'
import { subagentConversations } from './situations/subagents.ts'

it.each(sdks)('with ai $version a timeline knows which tool call each subagent began in', async ({ load }) => {
  const { ToolLoopAgent } = await load()
  await using stage = await setStage([calls('research', 'look_up', 'research'), done], { others: subagentConversations })
  await using registration = registerDynamo({ endpoint: stage.frontend.toolEventsEndpoint })
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  const researcher = new ToolLoopAgent({ model, instructions: 'You research', tools: lookUpTools })
  const research = named('research', async () => (await researcher.generate({ prompt: 'Go' })).text)
  const lead = new ToolLoopAgent({ model, tools: wrapTools({ ...lookUpTools, ...research }) })
  await withAgentSession('chat', () => lead.generate({ prompt: 'Hi' }))
  await registration.close()

  const { requests, tools } = await stage.rows()
  const { edges } = buildTraceModel([...requests, ...tools])
  const spawns = edges.filter(({ kind }) => kind === 'spawn')
  expect(spawns).toMatchObject([
    { from: { call: { toolClass: 'research' } }, provenance: 'measured' },
    { from: { call: { toolClass: 'research' } }, provenance: 'measured' },
  ])
  expect(new Set(spawns.map(({ from }) => from)).size).toBe(2)
})
