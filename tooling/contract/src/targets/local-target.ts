// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalFrontend, type Conversation, type Generation, type Script } from '@dynamo-agent/local-frontend'
import type { Release } from '@dynamo-agent/real-dynamo'
import type { ModelPath } from '../differences/cases.ts'
import {
  FLUSH_INTERVAL_MS,
  limitOf,
  type LocalTargetName,
  type ScriptedReply,
  type Target,
  type TargetOptions,
} from './target.ts'

const generationOf: Readonly<Record<LocalTargetName, { readonly generation: Generation; readonly release: Release }>> =
  {
    'local-frontend 1.2': { generation: '1.2', release: '1.2.1' },
    'local-frontend 1.3+': { generation: '1.3+', release: '1.6.1' },
  }

const MODEL = 'tiny'
const LONG_ANSWER = 'long answer'

const replies: Readonly<Record<ScriptedReply, Conversation['turns'][number]>> = {
  'one-call': {
    text: 'Let me look.',
    reasoning: '',
    toolCalls: [{ name: 'read_file', arguments: { path: 'src/index.ts' } }],
  },
  'two-calls': {
    text: '',
    reasoning: '',
    toolCalls: [
      { name: 'grep', arguments: { path: 'src' } },
      { name: 'read_file', arguments: { path: 'src/trace.ts' } },
    ],
  },
}

const script: Script = {
  models: [{ id: MODEL, contextWindow: 0 }],
  conversations: [
    ...Object.entries(replies).map(([name, turn]) => ({ name, when: { user: name }, turns: [turn] })),
    {
      name: LONG_ANSWER,
      when: { user: LONG_ANSWER },
      turns: [{ text: 'word '.repeat(20_000), reasoning: '', toolCalls: [] }],
    },
    // As talkative as a mock worker, which goes on until max_tokens stops it.
    { name: 'any', when: {}, turns: [{ text: 'word '.repeat(400), reasoning: '', toolCalls: [] }] },
  ],
}

/** What a user says to the model, by which the script knows what to answer. */
function saying(text: string, path: ModelPath = '/v1/chat/completions'): Readonly<Record<string, unknown>> {
  switch (path) {
    case '/v1/chat/completions':
      return { messages: [{ role: 'user', content: text }] }
    case '/v1/completions':
      return { prompt: text }
    case '/v1/responses':
      return { input: text }
  }
}

/** Our own frontend, in this process. */
export async function startLocalTarget(name: LocalTargetName, options: TargetOptions = {}): Promise<Target> {
  const { generation, release } = generationOf[name]
  const traceFolder = mkdtempSync(join(tmpdir(), 'contract-'))
  const start = (port: number, bind: string) =>
    startLocalFrontend({
      model: { script, engine: { speedup: 100 } },
      generation,
      port,
      trace: {
        path: join(traceFolder, 'trace.jsonl'),
        format: options.traceFormat,
        flushIntervalMs: FLUSH_INTERVAL_MS,
        rollLines: options.rollLines,
      },
      toolEvents: { bind, topic: 'agent-tool-events' },
    })

  let frontend = await start(0, 'tcp://127.0.0.1:0')
  const { baseUrl, toolEventsEndpoint = '' } = frontend
  return {
    name,
    release,
    baseUrl,
    model: MODEL,
    toolEventsEndpoint,
    traceFolder,
    // Nothing to be held to: the mock workers of 1.2 cannot be scripted.
    bodyFor: (reply, path) => (generation === '1.2' ? undefined : saying(reply, path)),
    longAnswer: (tokens, path) => ({ ...saying(LONG_ANSWER, path), ...limitOf(tokens, path) }),
    stopFrontend: () => frontend.close(),
    async startFrontend() {
      frontend = await start(Number(new URL(baseUrl).port), toolEventsEndpoint)
    },
    async [Symbol.asyncDispose]() {
      await frontend.close()
      rmSync(traceFolder, { recursive: true, force: true })
    },
  }
}
