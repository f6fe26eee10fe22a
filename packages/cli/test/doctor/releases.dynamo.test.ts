// SPDX-License-Identifier: Apache-2.0
import { startDynamo, traitsOf, type Dynamo, type Release } from '@dynamo-agent/real-dynamo'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { doctor, faultsIn, typeCures, type Shell } from '../support/shell.ts'

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

test('Dynamo 1.6.1 that records tools alone is mended from a shell that knows nothing of it', { timeout }, async () => {
  const { agent, trace, restart } = await startIn('1.6.1', { DYN_REQUEST_TRACE_RECORDS: 'tool' })
  const result = await doctor(agent, '--request', '--trace', trace)
  expect(faultsIn(result)).toEqual(['FAIL trace file'])
  expect(result.stdout).toContain('timelines show tools but no LLM requests')
  const mended = typeCures(agent, result)
  await restart(mended)
  const again = await doctor(mended, '--request', '--trace', trace)
  expect({ faults: faultsIn(again), code: again.code }).toEqual({ faults: [], code: 0 })
})
