// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/run-program.ts'
import { setStage, type Stage } from '../helpers/stage.ts'
import { toldStories } from '../helpers/told-stories.ts'

const turns = [{ toolCalls: [{ name: 'look_up', arguments: {} }] }, 'Found.']
const packageFolder = join(import.meta.dirname, '../..')

/** Lets the scripted model use a tool as often as it is asked to. */
const application = (stage: Stage, { before = '', times = 1, tools = true, after = '' }) => `
  import { generateText, isStepCount } from 'ai'
  import { z } from 'zod'
  import { createDynamo, withAgentSession } from '@dynamo-agent/provider-ai-sdk'
  ${before}
  const model = createDynamo({ baseURL: '${stage.baseURL}' })('scripted')
  const tools = ${tools ? "{ look_up: { inputSchema: z.object({}), execute: () => 'found' } }" : '{}'}
  for (let time = 0; time < ${times}; time++) {
    await withAgentSession('chat', () => generateText({ model, prompt: 'Hi', tools, stopWhen: isStepCount(3) }))
  }
  ${after}
`
const register = `
  import { registerDynamo } from '@dynamo-agent/provider-ai-sdk/telemetry'
  const registration = registerDynamo()
`

describe('a process whose tools nobody registered for', () => {
  const unregistered = /DYN_NOT_REGISTERED.*registerDynamo\(\)/s

  it('is warned once', async () => {
    await using stage = await setStage(turns)
    const { stderr } = await runProgram(application(stage, { times: 3 }))
    expect(stderr).toMatch(unregistered)
    expect(stderr.split('DYN_NOT_REGISTERED')).toHaveLength(2)
  })

  it.each([
    ['it has registered', { before: register }, {}],
    ['it has no tools', { tools: false }, {}],
    ['everything is switched off', {}, { DYN_AGENT_DISABLE: '1' }],
  ])('is not when %s', async (_when, options, environment) => {
    await using stage = await setStage(turns)
    expect(await runProgram(application(stage, options), environment)).toEqual({ stdout: '', stderr: '' })
  })
})

it('two copies of the package in one process tell each call once', async () => {
  await using stage = await setStage(turns)
  const folder = await mkdtemp(join(tmpdir(), 'provider-ai-sdk-copy-'))
  try {
    await cp(join(packageFolder, 'src'), join(folder, 'src'), { recursive: true })
    await symlink(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
    const copy = pathToFileURL(join(folder, 'src/telemetry/index.ts')).href
    const before = `${register}
      const { registerDynamo: registerCopy } = await import('${copy}')
      if (registerCopy === registerDynamo) throw new Error('one copy')
      registerCopy()
    `
    const environment = { DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: stage.frontend.toolEventsEndpoint }
    expect(await runProgram(application(stage, { before }), environment)).toEqual({ stdout: '', stderr: '' })
    expect((await toldStories(stage)).get('chat')).toEqual(['look_up running, succeeded', 'request', 'request'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('a process without the package that sends tool events is told what to install, and goes on', async () => {
  await using stage = await setStage(turns)
  const before = `
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === '@dynamo-agent/transport-zmq') throw new Error('as tested')
        return next(specifier, context)
      },
    })
    ${register}
    await registration.ready
  `
  const after = 'console.log(JSON.stringify([registration.problem.code, registration.counters.dropped]))'
  const environment = { DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: stage.frontend.toolEventsEndpoint }
  const { stdout, stderr } = await runProgram(application(stage, { before, after }), environment)
  expect(JSON.parse(stdout)).toEqual(['DYN_ZMQ_UNAVAILABLE', 2])
  expect(stderr).toContain('npm install @dynamo-agent/transport-zmq')
  expect((await toldStories(stage)).get('chat')).toEqual(['request', 'request'])
})

it('registering loads neither the SDK nor ZeroMQ', async () => {
  const { stdout } = await runProgram(`
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({
      resolve(specifier, context, next) {
        if (/^(ai|zeromq|undici|@ai-sdk\\/.*)$/.test(specifier)) loaded.push(specifier)
        return next(specifier, context)
      },
    })
    const { registerDynamo } = await import('@dynamo-agent/provider-ai-sdk/telemetry')
    const registration = registerDynamo({ endpoint: 'tcp://127.0.0.1:9' })
    await registration.ready
    console.log(JSON.stringify(loaded))
  `)
  expect(JSON.parse(stdout)).toEqual([])
})
