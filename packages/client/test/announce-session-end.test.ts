// SPDX-License-Identifier: Apache-2.0
import { agentContextBodyDialect, DynamoAgentError, parseTraceLine, sessionHeadersDialect } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { announceSessionEnd } from '../src/announce-session-end.ts'

const context = { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'agent' }
const headers = sessionHeadersDialect.identifyEnd(context, 'R')?.headers ?? {}

test('the row of a notice says that the trajectory is over, and takes one token', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'session-end-'))
  const path = join(folder, 'trace.jsonl')
  await using frontend = await startLocalFrontend({
    model: { script: parseScript('{"turns":["A long answer."]}', 'test'), engine: { speedup: 1000 } },
    trace: { path },
  })
  await announceSessionEnd({ baseUrl: frontend.baseUrl, model: 'scripted', headers })
  await frontend.drain()
  const [line] = (await readFile(path, 'utf8')).split('\n').map((text) => parseTraceLine(text))
  expect(line).toMatchObject({
    record: {
      identity: { trajectoryId: 'T', parentTrajectoryId: 'P', sessionFinal: true },
      request: { xRequestId: 'R', outputTokens: 1 },
    },
  })
  await rm(folder, { recursive: true })
})

test('a model that is gone is an error', async () => {
  await using frontend = await startLocalFrontend({
    model: { script: parseScript('{"turns":["Answer."]}', 'test'), engine: { speedup: 1000 } },
  })
  const notice = announceSessionEnd({ baseUrl: frontend.baseUrl, model: 'gone', headers })
  await expect(notice).rejects.toSatisfy((error) => DynamoAgentError.isInstance(error) && error.code === 'DYN_HTTP_STATUS')
})

test('Dynamo 1.2 is told nothing', () => {
  expect(agentContextBodyDialect.identifyEnd(context, 'R')).toBeUndefined()
})
