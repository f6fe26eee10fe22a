// SPDX-License-Identifier: Apache-2.0
import { convertTrace } from '@dynamo-agent/trace-tools'
import { generateText, stepCountIs } from 'ai'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { createDynamo, withAgentSession } from '../../src/index.ts'
import { registerDynamo } from '../../src/telemetry/index.ts'
import { harnessFile, tell } from '../helpers/harness-rows.ts'
import { runProgram } from '../helpers/run-program.ts'
import { setStage, type Stage } from '../helpers/stage.ts'
import { calls, done, lookUpTools } from '../telemetry/situations/situation.ts'

const whole = ['session_start first-call', 'turn 0 succeeded', 'session_end close']

const ask = ({ baseURL }: Stage) =>
  withAgentSession('chat', () => generateText({ model: createDynamo({ baseURL })('scripted'), prompt: 'Hi' }))

afterEach(() => {
  vi.unstubAllEnvs()
})

it('the environment names the file', async () => {
  await using stage = await setStage([done])
  await using file = await harnessFile()
  vi.stubEnv('DYN_AGENT_HARNESS_LOG', file.path)
  const registration = registerDynamo()
  await ask(stage)
  await registration.flush()
  expect(tell(await file.rows())).toEqual(whole.slice(0, -1))
  await registration.close()
  expect(tell(await file.rows())).toEqual(whole)
})

it('with DYN_AGENT_DISABLE there is no file', async () => {
  await using stage = await setStage([done])
  await using file = await harnessFile()
  vi.stubEnv('DYN_AGENT_DISABLE', '1')
  const registration = registerDynamo({ harnessLog: file.path })
  await ask(stage)
  await registration.close()
  expect(existsSync(file.path)).toBe(false)
})

it('the latest registration writes the log', async () => {
  await using stage = await setStage([done])
  await using earlier = await harnessFile()
  await using later = await harnessFile()
  await using first = registerDynamo({ harnessLog: earlier.path })
  const second = registerDynamo({ harnessLog: later.path })
  await ask(stage)
  await second.close()
  await first.close()
  expect([await earlier.rows(), tell(await later.rows())]).toEqual([[], whole])
})

it('a full disk loses rows that are counted, and nothing else', async () => {
  await using stage = await setStage([done])
  await using registration = registerDynamo({ harnessLog: '/dev/full' })
  expect((await ask(stage)).text).toBe(done)
  await registration.flush()
  expect(registration.counters).toMatchObject({ logged: 0, unlogged: 2 })
  expect(registration.problem?.code).toBe('DYN_OUTPUT_UNWRITABLE')
})

it.each(['process.exit()', 'throw new Error("as tested")', ''])('a process that ends by "%s" ends its sessions', async (ending) => {
  await using stage = await setStage([done])
  await using file = await harnessFile()
  const program = `
    import { generateText } from 'ai'
    import { createDynamo, withAgentSession } from '@dynamo-agent/provider-ai-sdk'
    import { registerDynamo } from '@dynamo-agent/provider-ai-sdk/telemetry'
    registerDynamo()
    const model = createDynamo({ baseURL: '${stage.baseURL}' })('scripted')
    await withAgentSession('chat', () => generateText({ model, prompt: 'Hi' }))
    ${ending}
  `
  await Promise.allSettled([runProgram(program, { DYN_AGENT_HARNESS_LOG: file.path })])
  expect(tell(await file.rows())).toEqual([...whole.slice(0, -1), 'session_end exit'])
})

it('a timeline has the log beside the trace, in the same trajectory', async () => {
  await using stage = await setStage([calls('look_up'), 'Found.'])
  await using file = await harnessFile()
  const registration = registerDynamo({ harnessLog: file.path, endpoint: stage.frontend.toolEventsEndpoint })
  const model = createDynamo({ baseURL: stage.baseURL })('scripted')
  stage.proxy.intercept(1)
  const settings = { model, prompt: 'Hi', tools: lookUpTools, stopWhen: stepCountIs(3) }
  await withAgentSession('chat', () => generateText(settings))
  await registration.close()
  await stage.rows()

  const { summary } = await convertTrace({
    inputs: [stage.tracePath, file.path],
    output: join(dirname(file.path), 'timeline.pftrace'),
  })
  expect(summary).toMatchObject({
    sessionIds: ['chat'],
    trajectories: 1,
    requests: 2,
    harness: {
      turns: { total: 2, errors: 0, cancelled: 0 },
      retries: 1,
      requestErrors: [{ provider: 'dynamo.chat', status: 503, count: 1 }],
    },
  })
})
