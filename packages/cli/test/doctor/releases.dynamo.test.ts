// SPDX-License-Identifier: Apache-2.0
import { startDynamo, traitsOf, type Dynamo, type Release } from '@dynamo-agent/real-dynamo'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { doctor, faultsIn, findFreePort, typeCures, type Shell } from '../support/shell.ts'

// The first run on a machine installs the release.
const timeout = 600_000

/**
 * A Dynamo whose frontend is started from a shell: what doctor has typed into
 * the shell holds from the next start on.
 */
async function startIn(release: Release, own: Record<string, string> = {}) {
  const dynamo = await startDynamo({ release, environment: own })
  onTestFinished(() => dynamo.stop())
  await serves(dynamo)
  const prefix = traitsOf(release).tracePrefix
  const trace = join(dynamo.traceFolder, 'trace.jsonl')
  const agent: Shell = {
    DYNAMO_BASE_URL: dynamo.baseUrl,
    DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: dynamo.toolEventsEndpoint,
  }
  const shell: Shell = {
    ...(prefix === 'DYN_REQUEST_TRACE' && { DYN_REQUEST_TRACE: '1' }),
    [`${prefix}_SINKS`]: 'jsonl',
    [`${prefix}_OUTPUT_PATH`]: trace,
    [`${prefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: dynamo.toolEventsEndpoint,
    ...agent,
    ...own,
  }
  const restart = async (mended: Shell) => {
    Object.assign(own, Object.fromEntries(Object.entries(mended).filter(([name]) => name.startsWith(prefix))))
    await dynamo.restartFrontend()
    await serves(dynamo)
  }
  return { dynamo, prefix, trace, agent, shell, restart }
}

/** A Dynamo lists its model a moment before its workers can be reached. */
async function serves({ baseUrl, model }: Dynamo): Promise<void> {
  const body = JSON.stringify({ model, max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] })
  const headers = { 'content-type': 'application/json' }
  while (!(await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })).ok) await sleep(200)
}

describe.each(['1.2.1', '1.6.1'] as const)('Dynamo %s', { timeout }, (release) => {
  test('that is healthy is found so, with everything that can be asked for', async () => {
    const { shell, trace, dynamo } = await startIn(release)
    for (const attempt of ['first', 'second']) {
      const result = await doctor(shell, '--request', '--trace', trace, '--model', `dynamo/${dynamo.model}`)
      expect({ attempt, faults: faultsIn(result), code: result.code }).toEqual({ attempt, faults: [], code: 0 })
      expect(result.stdout).toContain(`answers, Dynamo ${release}\n`)
      expect(result.stdout.match(/^ok /gm)).toHaveLength(15)
    }
  })

  test('without its switch is mended by what doctor prints', async () => {
    const missing = release === '1.2.1' ? 'DYN_AGENT_TRACE_SINKS' : 'DYN_REQUEST_TRACE'
    const { shell, trace, restart } = await startIn(release, { [missing]: '' })
    const result = await doctor(shell, '--trace', trace)
    expect(faultsIn(result)).toEqual(['FAIL tracing'])
    const mended = typeCures(shell, result)
    await restart(mended)
    const again = await doctor(mended, '--request', '--trace', trace)
    expect({ faults: faultsIn(again), code: again.code }).toEqual({ faults: [], code: 0 })
  })

  test('that does not listen for tool events is mended from a shell that knows nothing of it', async () => {
    const { tracePrefix } = traitsOf(release)
    const { agent, trace, restart } = await startIn(release, { [`${tracePrefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: '' })
    const result = await doctor(agent, '--request', '--trace', trace)
    expect(faultsIn(result)).toEqual(['FAIL tool events'])
    const mended = typeCures(agent, result)
    await restart(mended)
    const again = await doctor(mended, '--request', '--trace', trace)
    expect({ faults: faultsIn(again), code: again.code }).toEqual({ faults: [], code: 0 })
  })
})

interface Fault {
  readonly name: string
  readonly release: Release
  /** What the frontend is started with, of its own. */
  readonly own: Record<string, string>
  /** Whether doctor runs in a shell that has the variables of the frontend. */
  readonly inItsShell: boolean
  readonly finds: readonly string[]
  readonly says: string
}

const faults: readonly Fault[] = [
  {
    name: 'records tools alone',
    release: '1.6.1',
    own: { DYN_REQUEST_TRACE_RECORDS: 'tool' },
    inItsShell: false,
    finds: ['FAIL trace file'],
    says: 'timelines show tools but no LLM requests',
  },
  {
    name: 'records requests alone',
    release: '1.6.1',
    own: { DYN_REQUEST_TRACE_RECORDS: 'request_end' },
    inItsShell: true,
    finds: ['FAIL tracing'],
    says: 'DYN_REQUEST_TRACE_RECORDS=request_end leaves out tool',
  },
  {
    name: 'records requests alone, in a shell of its own,',
    release: '1.6.1',
    own: { DYN_REQUEST_TRACE_RECORDS: 'request_end' },
    inItsShell: false,
    finds: ['FAIL tool events'],
    says: 'export DYN_REQUEST_TRACE_RECORDS=request_end,tool',
  },
  {
    name: 'takes another topic',
    release: '1.6.1',
    own: { DYN_REQUEST_TRACE_TOOL_EVENTS_ZMQ_TOPIC: 'tools' },
    inItsShell: false,
    finds: ['FAIL trace file'],
    says: 'timelines show LLM requests but no tools',
  },
  {
    name: 'knows no such sink',
    release: '1.6.1',
    own: { DYN_REQUEST_TRACE_SINKS: 'json' },
    inItsShell: true,
    finds: ['FAIL tracing'],
    says: 'DYN_REQUEST_TRACE_SINKS=json is no sink of Dynamo 1.6.1',
  },
  {
    name: 'has its path by a name of 1.4',
    release: '1.3.1',
    own: { DYN_REQUEST_TRACE_OUTPUT_PATH: '', DYN_REQUEST_TRACE_FILE_PATH: '/tmp/never-written.jsonl' },
    inItsShell: true,
    finds: ['FAIL variables'],
    says: 'Dynamo 1.3.1 does not read DYN_REQUEST_TRACE_FILE_PATH',
  },
  {
    name: 'has its sink by a name of 1.4',
    release: '1.3.1',
    own: { DYN_REQUEST_TRACE_SINKS: 'file' },
    inItsShell: true,
    finds: ['FAIL tracing'],
    says: 'DYN_REQUEST_TRACE_SINKS=file is no sink of Dynamo 1.3.1',
  },
]

test.each(faults)('Dynamo $release that $name is mended by what doctor prints', { timeout }, async (fault) => {
  const { agent, shell, trace, restart } = await startIn(fault.release, fault.own)
  const broken = fault.inItsShell ? shell : agent
  const result = await doctor(broken, '--request', '--trace', trace)
  expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: fault.finds })
  expect(result.stdout).toContain(fault.says)
  const mended = typeCures(broken, result)
  await restart(mended)
  const { DYN_REQUEST_TRACE_FILE_PATH, DYN_REQUEST_TRACE_OUTPUT_PATH = DYN_REQUEST_TRACE_FILE_PATH } = mended
  const again = await doctor(mended, '--request', '--trace', DYN_REQUEST_TRACE_OUTPUT_PATH ?? trace)
  expect({ code: again.code, faults: faultsIn(again) }, again.stdout).toEqual({ code: 0, faults: [] })
})

test.each(['1.2.1', '1.6.1'] as const)(
  'Dynamo %s cannot listen at localhost by that name, and is mended by what doctor prints',
  { timeout },
  async (release) => {
    const { tracePrefix } = traitsOf(release)
    const endpoint = `tcp://localhost:${await findFreePort()}`
    const name = `${tracePrefix}_TOOL_EVENTS_ZMQ_ENDPOINT`
    const { shell, trace, restart } = await startIn(release, { [name]: endpoint })
    const broken = { ...shell, DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: endpoint }
    const result = await doctor(broken, '--trace', trace)
    expect({ code: result.code, faults: faultsIn(result) }).toEqual({ code: 1, faults: ['FAIL tool events'] })
    expect(result.stdout).toContain(`No frontend can bind ${endpoint}`)
    const mended = typeCures(broken, result)
    await restart(mended)
    const again = await doctor(mended, '--request', '--trace', trace)
    expect({ code: again.code, faults: faultsIn(again) }, again.stdout).toEqual({ code: 0, faults: [] })
  },
)
