// SPDX-License-Identifier: Apache-2.0
import { APICallError } from '@ai-sdk/provider'
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { directAnswers, releases, settledTrace, startDynamo, type DirectedRequest, type Dynamo } from '@dynamo-agent/real-dynamo'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDynamo, withAgentSession } from '../src/index.ts'
import { registerDynamo, wrapTools } from '../src/telemetry/index.ts'
import { sdks } from './helpers/sdks.ts'

// The first run on a machine installs every release.
const timeout = 600_000

async function records(dynamo: Dynamo): Promise<readonly TraceRecord[]> {
  const text = await settledTrace(dynamo)
  return text.split('\n').flatMap((line) => {
    const parsed = parseTraceLine(line)
    return parsed.kind === 'record' ? [parsed.record] : []
  })
}

const calls = (...names: readonly string[]) => ({ toolCalls: names.map((name) => ({ name, arguments: { word: 'x' } })) })

/** A leader that sends two to research at once; each of them looks something up. */
function turnFor({ messages }: DirectedRequest) {
  const hasActed = messages.some(({ role }) => role === 'tool')
  const leads = JSON.stringify(messages).includes('You lead')
  if (hasActed) return leads ? 'All done.' : 'Found.'
  return leads ? calls('research', 'research') : calls('look_up')
}

describe.each(releases)('Dynamo %s', { timeout }, (release) => {
  let dynamo: Dynamo
  beforeAll(async () => {
    dynamo = await startDynamo({ release })
  }, timeout)
  afterAll(() => dynamo.stop())

  describe.each(sdks)('and ai@$version', { timeout }, ({ version, load }) => {
    it('agree on who asked and whose tools ran, streamed or not, with subagents at once', async () => {
      const { ToolLoopAgent } = await load()
      await using director = await directAnswers(dynamo.baseUrl, turnFor)
      const model = createDynamo({ baseURL: director.baseUrl })(dynamo.model)
      const inputSchema = z.object({ word: z.string() })
      const lookUp = { inputSchema, execute: ({ word }: { word: string }) => `found ${word}` }
      const research = {
        inputSchema,
        async execute() {
          const instructions = 'You research'
          const researcher = new ToolLoopAgent({ model, instructions, tools: wrapTools({ look_up: lookUp }) })
          return (await researcher.generate({ prompt: 'Go' })).text
        },
      }
      const leader = new ToolLoopAgent({ model, instructions: 'You lead', tools: wrapTools({ research }) })
      const root = `run-${version}`
      {
        await using registration = registerDynamo({ endpoint: dynamo.toolEventsEndpoint })
        await registration.ready
        const text = await withAgentSession(root, async () => (await leader.stream({ prompt: 'Go' })).text)
        expect(text).toBe('All done.')
      }
      expect(director.calls.map(({ status }) => status)).toEqual(Array(6).fill(200))

      const account: Record<string, string[]> = {}
      for (const record of await records(dynamo)) {
        const { trajectoryId, parentTrajectoryId } = record.identity ?? {}
        if (trajectoryId !== root && parentTrajectoryId !== root) continue
        const event = record.type === 'request_end' ? 'request' : `${record.tool.toolClass} ${record.tool.status}`
        ;(account[trajectoryId === root ? 'root' : String(trajectoryId)] ??= []).push(event)
      }
      const { root: own, ...children } = account
      expect(own?.toSorted()).toEqual([
        ...['request', 'request'],
        ...['research running', 'research running', 'research succeeded', 'research succeeded'],
      ])
      expect(Object.values(children).map((events) => events.toSorted())).toEqual(
        Array(2).fill(['look_up running', 'look_up succeeded', 'request', 'request']),
      )
    })

    it('tell the caller what was wrong with a request', async () => {
      const { generateText } = await load()
      const model = createDynamo({ baseURL: dynamo.baseUrl })('not-served')
      const error: unknown = await generateText({ model, prompt: 'Hi', maxRetries: 0 }).catch((reason: unknown) => reason)
      expect(APICallError.isInstance(error)).toBe(true)
      expect(error).toMatchObject({ statusCode: 404, isRetryable: false, message: expect.stringMatching(/model/i) as string })
    })
  })
})
