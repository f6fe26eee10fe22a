// SPDX-License-Identifier: Apache-2.0
import { toSafeId, type RecordIdentity, type ToolRecord } from '@dynamo-agent/core'
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setStage, type ScriptedTurn } from './helpers/stage.ts'

const ask = ['--model', 'dynamo/scripted', '-p', 'Do it.']
const bash = (command: string) => ({ name: 'bash', arguments: { command } })
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, 300_000)

/** The statuses of each call's events, in order of the calls' starts. */
function outcomes(tools: readonly ToolRecord[]): string[] {
  const ids = new Set(tools.map(({ tool }) => tool.toolCallId))
  const eventsOf = (id: string) => tools.filter(({ tool }) => tool.toolCallId === id)
  return [...ids].map((id) => eventsOf(id).map(({ tool }) => tool.status).join(' '))
}

/** Who is whose child: trajectory and parent of each identity, once. */
function lineage(identities: readonly (RecordIdentity | undefined)[]): string[] {
  return [...new Set(identities.map((identity) => `${identity?.trajectoryId} < ${identity?.parentTrajectoryId ?? ''}`))]
}

describe.each(piReleases)('Pi %s, with the package as users install it,', { timeout: 120_000 }, (release) => {
  let program = ''
  beforeAll(async () => {
    program = await installPi(release)
  }, 300_000)
  const stageWith = (turns: readonly ScriptedTurn[], generation: '1.2' | '1.3+' = '1.3+', saved = false) =>
    setStage(turns, { generation, pi: { program, install: [extension], saved } })

  it('reaches Dynamo as Pi means it, under one identity, with its tool calls', async () => {
    await using stage = await stageWith([
      { toolCalls: [bash('sleep 0.3; echo grün'), bash('sleep 0.3'), { name: 'read', arguments: { path: 'nowhere' } }] },
      'Done.',
    ])
    const environment = { ...stage.environment, DYNAMO_API_KEY: 'se$cret!', DYN_AGENT_PRIORITY: '3' }
    expect(await stage.pi.run(ask, environment)).toMatchObject({ status: 0, stdout: 'Done.\n', stderr: '' })

    const { calls } = stage.proxy
    expect(calls.map(({ status }) => status)).toEqual([200, 200])
    for (const { headers, body } of calls) {
      expect(body.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('coding') as string })
      expect(body.tools?.map((tool) => tool.function.name)).toEqual(
        expect.arrayContaining(['read', 'bash', 'edit', 'write']),
      )
      expect(body.nvext).toEqual({ agent_hints: { priority: 3 } })
      expect(headers.authorization).toBe('Bearer se$cret!')
    }
    const { requests, tools } = await stage.rows()
    const requestIds = requests.map(({ request }) => request.xRequestId)
    expect(requestIds).toEqual(calls.map(({ headers }) => headers['x-request-id']))
    expect(requestIds).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)])
    expect(new Set(requestIds).size).toBe(2)
    expect(lineage([...requests, ...tools].map(({ identity }) => identity))).toHaveLength(1)
    expect(requests[0]?.identity?.trajectoryId).toMatch(uuid)
    expect(outcomes(tools).sort()).toEqual(['running error', 'running succeeded', 'running succeeded'])
    const ends = tools.filter(({ type }) => type !== 'tool_start')
    expect(ends.map(({ tool }) => tool.outputBytes)).toContain(Buffer.byteLength('grün\n'))
  })

  it('speaks the dialect of Dynamo 1.2', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'], '1.2')
    const environment = { ...stage.environment, DYN_AGENT_DIALECT: 'auto', DYN_AGENT_SESSION_ID: 'run-1' }
    expect(await stage.pi.run(ask, environment)).toMatchObject({ status: 0, stdout: 'Done.\n' })
    const { requests, tools } = await stage.rows()
    const trajectoryId = requests[0]?.identity?.trajectoryId
    expect([...requests, ...tools].map(({ identity }) => identity)).toEqual(
      Array(4).fill({ sessionId: 'run-1', trajectoryId, sessionTypeId: 'pi_coding_agent' }),
    )
    expect(trajectoryId).toMatch(uuid)
  })

  it('tells a Dynamo that it has found out to be 1.3 or later when it is done', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'])
    const environment = { ...stage.environment, DYN_AGENT_DIALECT: 'auto', DYN_AGENT_SESSION_ID: 'run-1' }
    expect(await stage.pi.run(ask, environment)).toMatchObject({ status: 0, stdout: 'Done.\n' })
    const { requests } = await stage.rows()
    expect(requests.map(({ identity }) => [identity?.trajectoryId, identity?.sessionFinal])).toEqual([
      ['run-1', undefined],
      ['run-1', undefined],
      ['run-1', true],
    ])
    expect(requests.at(-1)?.request).toMatchObject({ model: 'scripted', outputTokens: 1 })
  })

  it.each(['run-1', 'my run'])('is the child of the Pi whose shell tool starts it, two levels deep: %s', async (sessionId) => {
    const inner = [process.execPath, program, '--no-session', '-nc', ...ask.slice(0, 2)].join(' ')
    const deeper = `case "$DEPTH" in "") DEPTH=1 ${inner} -p one;; 1) DEPTH=2 ${inner} -p two;; esac </dev/null`
    await using stage = await stageWith([{ toolCalls: [bash(deeper)] }, 'Done.'])
    await stage.pi.run(ask, { ...stage.environment, DYN_AGENT_SESSION_ID: sessionId })
    const { requests, tools } = await stage.rows()
    const root = toSafeId(sessionId)
    const parents = new Map(requests.map(({ identity }) => [identity?.trajectoryId, identity?.parentTrajectoryId]))
    const [child] = [...parents].flatMap(([id, parent]) => (parent === root ? [id] : []))
    const [grandchild] = [...parents].flatMap(([id, parent]) => (parent === child ? [id] : []))
    expect(parents).toEqual(new Map([[root, undefined], [child, root], [grandchild, child]].toReversed() as never))
    expect(outcomes(tools)).toEqual(Array(3).fill('running succeeded'))
  })

  it('is the child of the session that it was forked from, each time that it goes on', async () => {
    await using stage = await stageWith(['Done.'], '1.3+', true)
    const run = (args: readonly string[], environment?: NodeJS.ProcessEnv) =>
      stage.pi.run([...args, ...ask], { ...stage.environment, ...environment })
    const sessions = join(stage.pi.home, 'sessions')
    const files = async () =>
      (await readdir(sessions, { recursive: true })).filter((name) => name.endsWith('.jsonl')).map((name) => join(sessions, name))
    await run([])
    const [origin = ''] = await files()
    await run(['--fork', origin])
    const fork = (await files()).find((file) => file !== origin) ?? ''
    await run(['--session', fork])
    const pi = stage.pi.startRpc(ask.slice(0, 2), stage.environment)
    pi.send({ type: 'switch_session', sessionPath: fork })
    await pi.heard('"command":"switch_session"')
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    pi.hangUp()
    await pi.done
    await run(['--fork', origin], { DYN_AGENT_SESSION_ID: 'run-1' })
    const [parent, child] = [origin, fork].map((file) => /_([^_]+)\.jsonl$/.exec(file)?.[1])
    const { requests } = await stage.rows()
    const forked = `${child} < ${parent}`
    expect(requests.flatMap(({ identity }) => lineage([identity]))).toEqual([`${parent} < `, forked, forked, forked, 'run-1 < '])
  })

  it('says what it does when it is asked', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'])
    const policy = { DYN_AGENT_PRIORITY_POLICY: 'interactive=10' }
    const pi = stage.pi.startRpc(ask.slice(0, 2), { ...stage.environment, ...policy, DYN_AGENT_SESSION_ID: 'run-1' })
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    pi.send({ type: 'prompt', message: '/dynamo' })
    await pi.heard('"method":"notify"')
    pi.hangUp()
    const { stdout, stderr } = await pi.done
    expect(stderr).toBe('')
    expect(stdout).toContain('"statusKey":"dynamo"')
    expect(stdout).toMatch(/session {6}run-1.*trajectory {3}run-1.*of them cached.*2 sent to tcp:/)
    expect(stdout).toMatch(/hints {8}priority 10 \(a person waits, 10 above 0\).*last sent {4}priority 10/)
    const nvext = { agent_hints: { priority: 10 }, extra_fields: ['worker_id', 'timing'] }
    expect(stage.proxy.calls.map(({ body }) => body.nvext)).toEqual([nvext, nvext])
    expect(stdout).toMatch(/served {7}first token after [\d,]+ ms, 0 requests in the queue, worker \d+/)
  })

  it('keeps its identity over RPC through new sessions and compaction', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'])
    const environment = { ...stage.environment, DYN_AGENT_SESSION_ID: 'run-1' }
    const pi = stage.pi.startRpc(ask.slice(0, 2), environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    pi.send({ type: 'new_session' })
    await pi.heard('"command":"new_session"')
    pi.send({ type: 'prompt', message: 'Do it too.' })
    await pi.heard('"type":"agent_end"', 2)
    pi.send({ type: 'compact' })
    await pi.heard('"command":"compact"')
    pi.hangUp()
    expect((await pi.done).stderr).toBe('')

    const { requests, tools } = await stage.rows()
    const [first, later] = lineage([...requests, ...tools].map(({ identity }) => identity))
    expect(lineage(requests.map(({ identity }) => identity))).toEqual([first, later])
    expect(first).toBe('run-1 < ')
    expect(later).toMatch(/^[0-9a-f-]{36} < run-1$/)
    const auxiliary = requests.filter(({ request }) => request.xRequestId?.startsWith('auxiliary-'))
    expect(lineage(auxiliary.map(({ identity }) => identity))).toEqual([later])
    expect(requests.length - auxiliary.length).toBe(4)
    expect(outcomes(tools)).toEqual(['running succeeded', 'running succeeded'])
  })
})
