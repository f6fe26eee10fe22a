// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type TraceRecord } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { registerDynamo } from '@dynamo-agent/provider-ai-sdk/telemetry'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createChatClient } from '../src/chat-client.ts'
import { research } from '../src/research.ts'
import { startChatServer } from '../src/server.ts'

const root = join(import.meta.dirname, '..')
let folder = ''
let port = 0
let frontend: LocalFrontend

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-sdk-agent-'))
  frontend = await startLocalFrontend({
    model: { script: parseScript(await readFile(join(root, 'script.json'), 'utf8'), 'test'), engine: { speedup: 100 } },
    trace: { path: join(folder, 'trace.jsonl') },
    // The provider reads the environment once, so every test is served at the same address.
    port,
  })
  port = Number(new URL(frontend.baseUrl).port)
  for (const [name, value] of Object.entries(frontend.environmentFor({}))) vi.stubEnv(name, value)
  vi.stubEnv('DYNAMO_MODEL', 'scripted')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await frontend.close()
  await rm(folder, { recursive: true })
})

/** What is on record of each trajectory: the line of its ancestors, then its events. */
async function account(): Promise<readonly string[]> {
  await frontend.drain()
  const text = await readFile(join(folder, 'trace.jsonl'), 'utf8')
  const records = text.split('\n').flatMap((line): TraceRecord[] => {
    const parsed = parseTraceLine(line)
    return parsed.kind === 'record' ? [parsed.record] : []
  })
  const events = new Map<string, string[]>()
  for (const record of records) {
    const { trajectoryId = '?', parentTrajectoryId } = record.identity ?? {}
    const who = parentTrajectoryId === undefined ? trajectoryId : `${parentTrajectoryId} > ${trajectoryId}`
    const event = record.type === 'request_end' ? 'request' : `${record.tool.toolClass} ${record.tool.status}`
    events.set(who, [...(events.get(who) ?? []), event])
  }
  return [...events].map(([who, what]) => `${who}: ${what.toSorted().join(', ')}`).toSorted()
}

it('is a program that runs', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/main.ts')])
  expect(stdout.split('\n')).toEqual([
    'chat: It is midnight in Lima.',
    'chat: You are welcome.',
    'research: Nobody wrote anything.',
    expect.stringContaining('4 trajectories, 9 requests, 5 tool calls'),
    '',
  ])
})

it('is one session for each chat, however many requests it makes and chats there are', async () => {
  {
    await using server = await startChatServer()
    const chats = ['chat-a', 'chat-b'].map((id) => createChatClient(server.url, id))
    await Promise.all(
      chats.map(async (chat) => {
        await chat.say('How late is it?')
        await chat.say('Thank you.')
      }),
    )
  }
  const events = 'readClock running, readClock succeeded, request, request, request'
  expect(await account()).toEqual([`chat-a: ${events}`, `chat-b: ${events}`])
})

it('has a trajectory for each subagent, though no agent speaks of Dynamo', async () => {
  {
    await using _ = registerDynamo()
    await research('research-1', 'What does the handbook say?')
  }
  const child = (name: string) =>
    expect.stringMatching(new RegExp(`^research-1 > ${name}.*: readPage running, readPage succeeded, request, request$`)) as string
  expect(await account()).toEqual([
    child(''),
    child(''),
    'research-1: explore running, explore running, explore succeeded, explore succeeded, request, request',
  ])
})

it('stops the model when the reader leaves', async () => {
  await frontend.close()
  const script = { conversations: [{ name: 'long', turns: ['word '.repeat(5000)] }] }
  frontend = await startLocalFrontend({
    model: { script: parseScript(JSON.stringify(script), 'test'), engine: { decodeTokensPerSecond: 50 } },
    port,
  })
  await using server = await startChatServer()
  const leaving = new AbortController()
  const body = JSON.stringify({ id: 'left', messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] })
  const answer = await fetch(server.url, { method: 'POST', body, signal: leaving.signal })
  await answer.body?.getReader().read()
  leaving.abort()
  await vi.waitFor(() => {
    expect(frontend.counters.requests.aborted).toBe(1)
  })
})
