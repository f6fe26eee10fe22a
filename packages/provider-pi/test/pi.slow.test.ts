// SPDX-License-Identifier: Apache-2.0
import type { ToolRecord } from '@dynamo-agent/core'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { extension, piProgram } from './helpers/run-pi.ts'
import { setStage } from './helpers/stage.ts'

// Each of these runs the real Pi, and machines are slow at times.
const timeout = 30_000
const bash = (command: string) => ({ name: 'bash', arguments: { command } })
const read = (path: string) => ({ name: 'read', arguments: { path } })
const ask = ['--model', 'dynamo/scripted', '-p', 'Do it.']

/** The events of each call, in order of the calls' starts. */
function outcomes(tools: readonly ToolRecord[]): string[] {
  const ids = new Set(tools.map(({ tool }) => tool.toolCallId))
  const eventsOf = (id: string) => tools.filter(({ tool }) => tool.toolCallId === id)
  return [...ids].map((id) => eventsOf(id).map(({ type, tool }) => `${type} ${tool.status ?? ''}`).join(', '))
}

describe('a session of Pi', { timeout }, () => {
  it('reaches Dynamo as Pi means it, under one identity, with its tool calls', async () => {
    await using stage = await setStage([
      { toolCalls: [bash('sleep 0.3; echo grün'), bash('sleep 0.3'), read('nowhere.txt')] },
      'Done.',
    ])
    const probed = join(stage.pi.folder, 'probed.json')
    const probe = fileURLToPath(new URL('helpers/identity-probe.ts', import.meta.url))
    const run = await stage.pi.run(['-e', probe, ...ask], {
      ...stage.environment,
      DYNAMO_API_KEY: 'se$cret!',
      DYN_AGENT_PRIORITY: '3',
      IDENTITY_PROBE_FILE: probed,
    })
    expect(run).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })

    const { calls } = stage.proxy
    expect(calls.map(({ status }) => status)).toEqual([200, 200])
    for (const { headers, body } of calls) {
      expect(body.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('coding') as string })
      expect(body.tools?.map((tool) => tool.function.name)).toEqual(['read', 'bash', 'edit', 'write'])
      expect(body.nvext).toEqual({ agent_hints: { priority: 3 } })
      expect(headers.authorization).toBe('Bearer se$cret!')
    }

    const { requests, tools } = await stage.rows()
    const trajectoryId = requests[0]?.identity?.trajectoryId ?? ''
    expect(trajectoryId).toMatch(/^[0-9a-f-]{36}$/)
    for (const record of [...requests, ...tools]) expect(record.identity).toMatchObject({ trajectoryId })
    expect([...requests, ...tools].some(({ identity }) => identity?.parentTrajectoryId !== undefined)).toBe(false)
    const requestIds = calls.map(({ headers }) => headers['x-request-id'])
    expect(new Set(requestIds).size).toBe(2)
    expect(requests.map(({ request }) => request.xRequestId)).toEqual(requestIds)
    expect(JSON.parse(await readFile(probed, 'utf8'))).toEqual({
      sessionId: trajectoryId,
      trajectoryId,
      sessionTypeId: 'pi_coding_agent',
    })

    expect(outcomes(tools)).toEqual([
      'tool_start running, tool_end succeeded',
      'tool_start running, tool_end succeeded',
      'tool_start running, tool_error error',
    ])
    const ends = tools.filter(({ type }) => type !== 'tool_start')
    const printed = ends.find(({ tool }) => tool.outputBytes === Buffer.byteLength('grün\n'))
    expect(printed?.tool.toolClass).toBe('bash')
    const [one, two] = ends.filter(({ tool }) => tool.toolClass === 'bash').map(({ tool }) => tool)
    expect(one?.startedAtMs).toBeLessThan(two?.endedAtMs ?? 0)
    expect(two?.startedAtMs).toBeLessThan(one?.endedAtMs ?? 0)
  })

  it('gives each attempt of a call an id of its own', async () => {
    await using stage = await setStage(['Done.'])
    stage.proxy.fail(1)
    expect(await stage.pi.run(ask, stage.environment)).toMatchObject({ status: 0, stdout: 'Done.\n' })
    const { calls } = stage.proxy
    expect(calls.map(({ status }) => status)).toEqual([503, 200])
    expect(new Set(calls.map(({ headers }) => headers['x-request-id'])).size).toBe(2)
    expect(new Set(calls.map(({ headers }) => headers['x-dynamo-session-id'])).size).toBe(1)
  })

  it('tells how long an answer it expects, once it has seen three, when it is asked to', async () => {
    const turn = { toolCalls: [read('nowhere.txt')] }
    await using stage = await setStage([turn, turn, turn, 'Done.'])
    await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_OSL: 'auto' })
    const { requests } = await stage.rows()
    const [first, second, third] = requests.map(({ request }) => request.outputTokens ?? 0)
    const mean = Math.round(((first ?? 0) + (second ?? 0) + (third ?? 0)) / 3)
    expect(mean).toBeGreaterThan(1)
    const hints = stage.proxy.calls.map(({ body }) => body.nvext)
    expect(hints).toEqual([undefined, undefined, undefined, { agent_hints: { osl: mean } }])
  })

  it('decides its hints as the settings file asks, and those of a subagent by its own', async () => {
    const nested = [process.execPath, piProgram, '-ne', '-e', extension, '--no-session', '-nc', ...ask.slice(0, 2)]
    const command = `if [ -z "$NESTED" ]; then NESTED=1 ${nested.join(' ')} -p 'Do it too.' </dev/null; fi`
    const reads = { toolCalls: [read('nowhere.txt'), read('nowhere.txt'), read('nowhere.txt')] }
    await using stage = await setStage([reads, { toolCalls: [bash(command)] }, 'Done.'])
    const dynamo = { priority: 5, priorityPolicy: 'subagents=2,interactive=10', speculativePrefill: 'auto' }
    await writeFile(join(stage.pi.home, 'settings.json'), JSON.stringify({ dynamo }))
    const run = await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_SESSION_ID: 'run-1' })
    expect(run).toMatchObject({ status: 0, stderr: '' })
    const hintsOf = (isRoot: boolean) =>
      stage.proxy.calls
        .filter(({ headers }) => (headers['x-dynamo-session-id'] === 'run-1') === isRoot)
        .map(({ body }) => body.nvext)
    const warmed = { speculative_prefill: true }
    expect(hintsOf(true)).toEqual([
      { agent_hints: { priority: 5 } },
      { agent_hints: { priority: 5, ...warmed } },
      { agent_hints: { priority: 5, ...warmed } },
    ])
    expect(hintsOf(false)).toEqual([
      { agent_hints: { priority: 3 } },
      { agent_hints: { priority: 3, ...warmed } },
      { agent_hints: { priority: 3, ...warmed } },
    ])
  })

  it('is the subagent that its environment says', async () => {
    await using stage = await setStage([{ toolCalls: [bash('true')] }, 'Done.'])
    await stage.pi.run(ask, {
      ...stage.environment,
      DYN_AGENT_SESSION_ID: 'run-1',
      DYN_AGENT_TRAJECTORY_ID: 'run-1.reviewer',
      DYN_AGENT_PARENT_TRAJECTORY_ID: 'run-1',
    })
    const { requests, tools } = await stage.rows()
    expect([...requests, ...tools].map(({ identity }) => identity)).toEqual(
      Array(4).fill(expect.objectContaining({ trajectoryId: 'run-1.reviewer', parentTrajectoryId: 'run-1' })),
    )
  })

  it('is a child when a shell tool of another Pi starts it', async () => {
    const nested = [process.execPath, piProgram, '-ne', '-e', extension, '--no-session', '-nc', ...ask.slice(0, 2)]
    // The nested Pi plays the same script; PI_SESSION_ID in its own shell is its own then, and it must not nest again.
    const command = `if [ -z "$NESTED" ]; then NESTED=1 ${nested.join(' ')} -p 'Do it too.' </dev/null; fi`
    await using stage = await setStage([{ toolCalls: [bash(command)] }, 'Done.'])
    await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_SESSION_ID: 'run-1' })
    const { requests, tools } = await stage.rows()
    const identities = requests.map(({ identity }) => identity)
    expect(identities.filter((identity) => identity?.trajectoryId === 'run-1')).toHaveLength(2)
    const children = identities.filter((identity) => identity?.parentTrajectoryId === 'run-1')
    expect(children).toHaveLength(2)
    expect(children[0]?.trajectoryId).toMatch(/^[0-9a-f-]{36}$/)
    expect(tools.filter(({ identity }) => identity?.parentTrajectoryId === 'run-1')).toHaveLength(2)
  })

  it('speaks the dialect of Dynamo 1.2', async () => {
    await using stage = await setStage([{ toolCalls: [bash('true')] }, 'Done.'], { generation: '1.2' })
    await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_SESSION_ID: 'run-1' })
    expect(stage.proxy.calls.map(({ status }) => status)).toEqual([200, 200])
    const { requests, tools } = await stage.rows()
    const trajectoryId = requests[0]?.identity?.trajectoryId
    expect(trajectoryId).not.toBe('run-1')
    expect([...requests, ...tools].map(({ identity }) => identity)).toEqual(
      Array(4).fill({ sessionId: 'run-1', trajectoryId, sessionTypeId: 'pi_coding_agent' }),
    )
  })
})

describe('a Pi that is not told the dialect', { timeout }, () => {
  const auto = { DYN_AGENT_DIALECT: 'auto', DYN_AGENT_SESSION_FINAL: '0', DYN_AGENT_SESSION_ID: 'run-1', DYN_AGENT_TRAJECTORY_ID: 'run-1.main' }
  const recorded = {
    '1.2': { sessionId: 'run-1', trajectoryId: 'run-1.main', sessionTypeId: 'pi_coding_agent' },
    '1.3+': { trajectoryId: 'run-1.main', parentTrajectoryId: 'run-1' },
  }

  it.each(['1.2', '1.3+'] as const)('finds out that of %s, for requests and for tool events', async (generation) => {
    await using stage = await setStage([{ toolCalls: [bash('true')] }, 'Done.'], { generation })
    const run = await stage.pi.run(ask, { ...stage.environment, ...auto })
    expect(run).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })
    expect(stage.proxy.calls.map(({ status }) => status)).toEqual([200, 200])
    const { requests, tools } = await stage.rows()
    expect([...requests, ...tools].map(({ identity }) => identity)).toEqual(
      Array(4).fill(expect.objectContaining(recorded[generation])),
    )
  })

  it('goes on as if nothing had happened when a later Dynamo takes the place of 1.2', async () => {
    const turns = [{ toolCalls: [bash('touch started; while [ ! -e replaced ]; do sleep 0.05; done')] }, 'Done.']
    await using old = await setStage(turns, { generation: '1.2' })
    const { baseUrl } = old.frontend
    const { done } = old.pi.start(ask, { ...old.environment, ...auto, DYNAMO_BASE_URL: baseUrl })
    await vi.waitUntil(() => existsSync(join(old.pi.folder, 'started')), { timeout: 20_000 })
    const { requests: oldRequests } = await old.rows()
    await old.frontend.close()
    await using stage = await setStage(turns, { generation: '1.3+', port: Number(new URL(baseUrl).port) })
    await writeFile(join(old.pi.folder, 'replaced'), '')
    expect(await done).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })
    const { requests } = await stage.rows()
    expect(oldRequests.map(({ identity }) => identity)).toEqual([recorded['1.2']])
    expect(requests.map(({ identity }) => identity)).toEqual([expect.objectContaining(recorded['1.3+'])])
  })
})

describe('a Pi that must not be held up', { timeout }, () => {
  it('ends promptly when nobody takes its tool events', async () => {
    await using stage = await setStage([{ toolCalls: [bash('true'), bash('false')] }, 'Done.'])
    const run = await stage.pi.run(ask, {
      ...stage.environment,
      DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: 'tcp://127.0.0.1:9',
    })
    expect(run).toMatchObject({ status: 0, stdout: 'Done.\n' })
    expect(run.exitedMs - (stage.proxy.calls.at(-1)?.answeredMs ?? 0)).toBeLessThan(2000)
  })

  it.each([
    { run: 'without tools does without ZeroMQ', turns: ['Done.'], loads: false },
    { run: 'with a tool loads it', turns: [{ toolCalls: [bash('true')] }, 'Done.'], loads: true },
  ])('$run', async ({ turns, loads }) => {
    await using stage = await setStage(turns)
    const probe = fileURLToPath(new URL('helpers/addons-probe.ts', import.meta.url))
    const probed = join(stage.pi.folder, 'addons.json')
    await stage.pi.run(['-e', probe, ...ask], { ...stage.environment, ADDONS_PROBE_FILE: probed })
    expect((await readFile(probed, 'utf8')).includes('zeromq')).toBe(loads)
  })

  it('closes its tool calls as cancelled when it is interrupted', async () => {
    await using stage = await setStage([{ toolCalls: [bash('sleep 5'), bash('sleep 5')] }, 'Done.'])
    const { pid, done } = stage.pi.start(ask, stage.environment)
    await vi.waitUntil(() => stage.frontend.counters.toolEvents.accepted === 2, { timeout: 10_000 })
    process.kill(pid, 'SIGINT')
    expect(await done).toMatchObject({ signal: 'SIGINT' })
    const { tools } = await stage.rows()
    expect(outcomes(tools)).toEqual(Array(2).fill('tool_start running, tool_end cancelled'))
    // The ends are Pi's own: the frontend had no open call to close.
    expect(stage.frontend.counters.toolEvents).toMatchObject({ accepted: 4, cancelled: 0 })
  })

  it('does nothing but provide models when it is told so', async () => {
    await using stage = await setStage([{ toolCalls: [bash('true')] }, 'Done.'])
    await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_DISABLE: '1', DYN_AGENT_PRIORITY: '3' })
    expect(stage.proxy.calls).toHaveLength(2)
    for (const { headers, body } of stage.proxy.calls) {
      expect(Object.keys(headers).filter((name) => /^x-(dynamo|request-id)/.test(name))).toEqual([])
      expect(body).not.toHaveProperty('nvext')
    }
    expect((await stage.rows()).tools).toEqual([])
  })

  it('lists the models it was told of when Dynamo is not there', async () => {
    await using stage = await setStage(['Done.'])
    const list = (environment: NodeJS.ProcessEnv) =>
      stage.pi.run(['--list-models'], { DYNAMO_BASE_URL: 'http://127.0.0.1:9', ...environment })
    expect((await list({ DYNAMO_MODELS: 'org/one,two' })).stdout).toMatch(/dynamo +org\/one[^]*dynamo +two/)
    expect((await list({})).stdout).toMatch(/dynamo +default/)
  })
})
