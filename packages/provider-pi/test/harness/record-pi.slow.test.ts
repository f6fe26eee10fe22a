// SPDX-License-Identifier: Apache-2.0
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readHarnessRows, rowsOf } from '../helpers/harness-rows.ts'
import { setStage, type ScriptedTurn, type Stage } from '../helpers/stage.ts'

const model = ['--model', 'dynamo/scripted']
const ask = [...model, '-p', 'Do it.']
const bash = (command: string) => ({ name: 'bash', arguments: { command } })
const summary = { name: 'summary', when: { system: 'summarization' }, turns: ['A short summary.'] }

const crash = fileURLToPath(new URL('../helpers/crash.ts', import.meta.url))

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, 300_000)

describe.each(piReleases)('the harness log of Pi %s', { timeout: 120_000 }, (release) => {
  let program = ''
  beforeAll(async () => {
    program = await installPi(release)
  }, 300_000)
  const stageWith = (turns: readonly ScriptedTurn[]) =>
    setStage(turns, { others: [summary], pi: { program, install: [extension], saved: true } })
  const logOf = (stage: Stage) => {
    const path = join(stage.pi.folder, 'logs/harness.jsonl')
    return { path, environment: { ...stage.environment, DYN_AGENT_HARNESS_LOG: path } }
  }

  it('has what only Pi knows of a session, and nothing that anybody wrote', async () => {
    const tools = { toolCalls: [bash('echo secret-output'), bash('true')] }
    await using stage = await stageWith([tools, 'A secret answer.'])
    const { path, environment } = logOf(stage)
    const settings = join(stage.pi.home, 'settings.json')
    const dynamo = { models: { scripted: { reasoning: true } } }
    await writeFile(settings, JSON.stringify({ ...(JSON.parse(await readFile(settings, 'utf8')) as object), dynamo }))
    const { baseUrl } = stage.proxy
    const other = { baseUrl, apiKey: 'key', api: 'openai-completions', models: [{ id: 'scripted', reasoning: true }] }
    await writeFile(join(stage.pi.home, 'models.json'), JSON.stringify({ providers: { other } }))
    const pi = stage.pi.startRpc(model, environment)
    pi.send({ type: 'prompt', message: 'A secret prompt.' })
    await pi.heard('"type":"agent_end"')
    pi.send({ type: 'set_thinking_level', level: 'high' })
    await pi.heard('"command":"set_thinking_level"')
    pi.send({ type: 'prompt', message: 'Go on.' })
    await pi.heard('"type":"agent_end"', 2)
    pi.send({ type: 'compact' })
    await pi.heard('"command":"compact"')
    pi.send({ type: 'set_model', provider: 'other', modelId: 'scripted' })
    await pi.heard('"command":"set_model"')
    pi.send({ type: 'prompt', message: 'And on.' })
    await pi.heard('"type":"agent_end"', 3)
    pi.hangUp()
    expect((await pi.done).stderr).toBe('')

    const rows = await readHarnessRows(path)
    const { requests } = await stage.rows()
    const times = rows.map(({ eventTimeMs }) => eventTimeMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const trajectories = new Set(rows.map(({ identity }) => identity.trajectoryId))
    expect(trajectories).toEqual(new Set([requests[0]?.identity?.trajectoryId]))
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    expect(readme).toContain('Arguments, results, prompts and paths are not sent.')
    const sent = inspect(await stage.rows(), { depth: Infinity, maxStringLength: Infinity })
    expect(`${await readFile(path, 'utf8')}${sent}`).not.toMatch(/secret|Go on|provider-pi-/)
    expect(rows.map(({ type }) => type).filter((type) => type !== 'checkpoint')).toEqual([
      'session_start',
      'turn_end',
      'turn_end',
      'setting_change',
      'user_wait',
      'turn_end',
      'compaction',
      'setting_change',
      'user_wait',
      'turn_end',
      'session_end',
    ])

    const turns = rowsOf(rows, 'turn_end').map(({ turn }) => turn)
    const served = requests.map(({ request }) => request).slice(0, 3)
    expect(turns.map(({ requestId }) => requestId)).toEqual([...served.map(({ xRequestId }) => xRequestId), undefined])
    const inputTokens = served.map((request) => request.inputTokens)
    expect(turns.slice(0, 3).map(({ usage }) => usage?.inputTokens)).toEqual(inputTokens)
    expect(turns.map(({ provider }) => provider)).toEqual(['dynamo', 'dynamo', 'dynamo', 'other'])
    expect(turns.map(({ context }) => context.messages)).toEqual([1, 4, 6, expect.any(Number)])
    expect(turns.map(({ growth }) => growth?.messages)).toEqual([undefined, 3, 2, expect.any(Number)])
    expect(turns.map(({ turnIndex, toolCalls, outcome }) => [turnIndex, toolCalls, outcome])).toEqual([
      [0, 2, 'succeeded'],
      [1, 0, 'succeeded'],
      [2, 0, 'succeeded'],
      [3, 0, 'succeeded'],
    ])
    const [{ compaction } = {}] = rowsOf(rows, 'compaction')
    expect(compaction).toMatchObject({ outcome: 'succeeded', messagesBefore: 7 })
    expect(compaction?.reason).toBe(release === '0.73.1' ? 'unknown' : 'manual')
    expect(compaction?.messagesAfter).toBeLessThan(7)
    expect(turns[3]?.context.messages).toBe((compaction?.messagesAfter ?? 0) + 1)

    expect(rowsOf(rows, 'setting_change').map(({ change }) => change)).toEqual([
      { setting: 'thinking_level', from: expect.any(String) as string, to: 'high' },
      { setting: 'model', from: 'dynamo/scripted', to: 'other/scripted' },
    ])
    const checkpoints = rowsOf(rows, 'checkpoint').map(({ checkpoint }) => checkpoint)
    expect(checkpoints.length).toBeGreaterThan(4)
    expect(checkpoints.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(checkpoints.at(-1)?.totalBytes)
    const total = { reason: 'quit', turns: 4, toolCalls: 2, requestErrors: 0, compactions: 1 }
    expect(rowsOf(rows, 'session_end')[0]?.session).toMatchObject(total)
  })

  it('has each error with its status, and whether it was tried again', async () => {
    await using stage = await stageWith(['Done.'])
    const { path, environment } = logOf(stage)
    stage.proxy.fail(6)
    await stage.pi.run(ask, environment)
    const rows = await readHarnessRows(path)
    const errors = rowsOf(rows, 'request_error').map(({ error }) => error)
    // Pi 0.73 tries each of its attempts three times without a word.
    const attempts = release === '0.73.1' ? 2 : 4
    expect(errors.map(({ status, attempt, willRetry }) => [status, attempt, willRetry])).toEqual(
      Array.from({ length: attempts }, (_, index) => [503, index + 1, index < 3]),
    )
    expect(errors.slice(0, 3).every(({ delayMs = -1 }) => delayMs >= 0)).toBe(true)
    const outcomes = rowsOf(rows, 'turn_end').map(({ turn }) => turn.outcome)
    expect(outcomes.filter((outcome) => outcome === 'error')).toHaveLength(attempts)
  })

  it('has a compaction that failed, where Pi tells of it', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'])
    const { path, environment } = logOf(stage)
    const pi = stage.pi.startRpc(model, environment)
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    stage.proxy.fail(100)
    pi.send({ type: 'compact' })
    await pi.heard('"command":"compact"')
    pi.hangUp()
    await pi.done
    const compactions = rowsOf(await readHarnessRows(path), 'compaction').map(({ compaction }) => compaction)
    const failed = { reason: 'manual', outcome: 'error', messagesBefore: 4 }
    expect(compactions).toMatchObject(release === '0.73.1' ? [] : [failed])
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('is whole after %s', async (signal) => {
    await using stage = await stageWith([{ toolCalls: [bash('sleep 6')] }, 'Done.'])
    const { path, environment } = logOf(stage)
    const { pid, done } = stage.pi.start(ask, { ...environment, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: '' })
    await vi.waitUntil(() => stage.proxy.calls.length === 1, { timeout: 20_000 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    process.kill(pid, signal)
    await done
    const rows = await readHarnessRows(path)
    expect(rowsOf(rows, 'turn_end')[0]?.turn.outcome).toBe('cancelled')
    expect(rows.at(-1)).toMatchObject({ type: 'session_end', session: { toolCalls: 1 } })
  })

  it('is whole after another extension has taken the process down', async () => {
    await using stage = await stageWith([{ toolCalls: [bash('sleep 6')] }, 'Done.'])
    const { path, environment } = logOf(stage)
    await stage.pi.run(['-e', crash, ...ask], { ...environment, CRASH: 'process' })
    const rows = await readHarnessRows(path)
    expect(rowsOf(rows, 'turn_end').map(({ turn }) => turn.outcome)).toEqual(['cancelled'])
    expect(rows.at(-1)).toMatchObject({ type: 'session_end', session: { reason: 'exit', turns: 1 } })
  })

  it('is shared by a Pi and the Pi that its shell tool starts', async () => {
    const inner = [process.execPath, program, '-nc', ...model].join(' ')
    await using stage = await stageWith([
      { toolCalls: [bash(`if [ -z "$NESTED" ]; then NESTED=1 ${inner} -p Inner. </dev/null; fi`)] },
      'Done.',
    ])
    const { path, environment } = logOf(stage)
    await stage.pi.run(ask, { ...environment, DYN_AGENT_SESSION_ID: 'run-1' })
    const rows = rowsOf(await readHarnessRows(path), 'turn_end')
    const parents = rows.map(({ identity }) => identity.parentTrajectoryId)
    expect(parents.filter((parent) => parent === 'run-1')).toHaveLength(2)
    expect(parents.filter((parent) => parent === undefined)).toHaveLength(2)
  })

  it.each(['/dev/full', '/proc/harness.jsonl'])('is missed by nobody when it cannot be written: %s', async (file) => {
    await using stage = await stageWith([{ toolCalls: [bash('true')] }, 'Done.'])
    const pi = stage.pi.startRpc(model, { ...stage.environment, DYN_AGENT_HARNESS_LOG: file })
    pi.send({ type: 'prompt', message: 'Do it.' })
    await pi.heard('"type":"agent_end"')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    pi.send({ type: 'prompt', message: '/dynamo' })
    await pi.heard('"method":"notify"')
    pi.hangUp()
    const { stdout, stderr, status } = await pi.done
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const notice = stdout.split('\n').find((line) => line.includes('"method":"notify"')) ?? ''
    expect(notice.match(/FAIL/g)).toHaveLength(1)
    expect(notice).toMatch(new RegExp(`harness log {2}0 rows written to ${file}, \\d+ waiting, [1-9]\\d* dropped`))
  })
})
