// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type RecordIdentity, type TraceRecord } from '@dynamo-agent/core'
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { directAnswers, releases, settledTrace, startDynamo, type DirectedRequest, type Dynamo } from '@dynamo-agent/real-dynamo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPiSandbox } from './helpers/run-pi.ts'

// The first run on a machine installs every release.
const timeout = 600_000

let extension = ''
beforeAll(async () => {
  extension = await installExtension()
}, timeout)

async function records(dynamo: Dynamo): Promise<readonly TraceRecord[]> {
  const text = await settledTrace(dynamo)
  return text.split('\n').flatMap((line) => {
    const parsed = parseTraceLine(line)
    return parsed.kind === 'record' ? [parsed.record] : []
  })
}

const turnsSoFar = ({ messages }: DirectedRequest) => messages.filter(({ role }) => role === 'assistant').length
const said = ({ messages }: DirectedRequest) => JSON.stringify(messages.filter(({ role }) => role === 'user'))

describe.each(releases)('Dynamo %s', { timeout }, (release) => {
  let dynamo: Dynamo
  beforeAll(async () => {
    dynamo = await startDynamo({ release })
  }, timeout)
  afterAll(() => dynamo.stop())

  describe.each(piReleases)('and Pi %s', { timeout }, (generation) => {
    it('agree on who asked and whose tools ran, in a session with a subagent', async () => {
      const program = await installPi(generation)
      await using pi = await createPiSandbox({ program, install: [extension] })
      const nested = `${process.execPath} ${program} --no-session -nc --model dynamo/${dynamo.model} -p 'as the child' </dev/null`
      await using director = await directAnswers(dynamo.baseUrl, (request) => {
        if (said(request).includes('as the child')) {
          return turnsSoFar(request) > 0 ? 'Done.' : { toolCalls: [{ name: 'read', arguments: { path: 'nowhere' } }] }
        }
        if (turnsSoFar(request) > 0) return 'All done.'
        return { toolCalls: [nested, 'true'].map((command) => ({ name: 'bash', arguments: { command } })) }
      })
      const environment = {
        DYNAMO_BASE_URL: director.baseUrl,
        DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT: dynamo.toolEventsEndpoint,
        DYN_AGENT_SESSION_ID: `run-${generation}`,
        DYN_AGENT_PRIORITY: '2',
      }
      const run = await pi.run(['--model', `dynamo/${dynamo.model}`, '-p', 'Begin.'], environment)
      expect(run).toMatchObject({ status: 0, stdout: 'All done.\n' })
      expect(director.calls.map(({ status }) => status)).toEqual(director.calls.map(() => 200))

      const all = await records(dynamo)
      const ofRun = (identity: RecordIdentity | undefined) =>
        [identity?.sessionId, identity?.trajectoryId, identity?.parentTrajectoryId].includes(`run-${generation}`)
      const mine = all.filter(({ identity }) => ofRun(identity))
      const account: Record<string, string[]> = {}
      for (const record of mine) {
        const parent = record.identity?.parentTrajectoryId === undefined ? 'root' : 'child'
        const end = record.type === 'request_end' && record.request.outputTokens === 1 ? ' of the end' : ''
        const event = record.type === 'request_end' ? `request${end}` : `${record.tool.toolClass} ${record.tool.status}`
        ;(account[parent] ??= []).push(event)
      }
      const turns = (events: readonly string[] | undefined) => events?.filter((event) => event !== 'request of the end').sort()
      expect(turns(account.root)).toEqual([
        ...['bash running', 'bash running', 'bash succeeded', 'bash succeeded'],
        ...['request', 'request'],
      ])
      expect(turns(account.child)).toEqual(['read error', 'read running', 'request', 'request'])
      expect(new Set(mine.map(({ identity }) => identity?.trajectoryId)).size).toBe(2)
    })

    it('tell the user what was wrong with a request', async () => {
      const program = await installPi(generation)
      await using pi = await createPiSandbox({ program, install: [extension] })
      const run = await pi.run(['--model', 'dynamo/not-served', '-p', 'Begin.'], { DYNAMO_BASE_URL: dynamo.baseUrl })
      expect(`${run.stdout}${run.stderr}`).toMatch(/404.*[Mm]odel.*not found/)
    })
  })
})
