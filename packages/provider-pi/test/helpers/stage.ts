// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type RequestRecord, type ToolRecord } from '@dynamo-agent/core'
import {
  parseScript,
  startLocalFrontend,
  type LocalFrontend,
  type LocalFrontendOptions,
} from '@dynamo-agent/local-frontend'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.ts'
import { createPiSandbox, type PiSandbox, type PiSandboxOptions } from './run-pi.ts'

/** A frontend that plays turns, a proxy that sees the requests, and a place for Pi to run in. */
export interface Stage extends AsyncDisposable {
  readonly frontend: LocalFrontend
  readonly proxy: RecordingProxy
  readonly pi: PiSandbox
  /** Makes Pi talk to this frontend, and send its tool events there. */
  readonly environment: NodeJS.ProcessEnv
  /** What is on record by now. */
  rows(): Promise<{ readonly requests: readonly RequestRecord[]; readonly tools: readonly ToolRecord[] }>
}

export type ScriptedTurn =
  | string
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: object }[] }

/** What the model says in conversations whose system prompt holds a text. */
export interface ScriptedConversation {
  readonly name: string
  readonly when: { readonly system: string }
  readonly turns: readonly ScriptedTurn[]
}

export interface StageOptions extends Pick<LocalFrontendOptions, 'generation' | 'port'> {
  readonly pi?: PiSandboxOptions
  /** Conversations that go another way. */
  readonly others?: readonly ScriptedConversation[]
}

export async function setStage(
  turns: readonly ScriptedTurn[],
  options: StageOptions = {},
): Promise<Stage> {
  const { pi: piOptions, others = [], ...frontendOptions } = options
  const script = JSON.stringify({ conversations: [...others, { name: 'test', turns }] })
  const folder = await mkdtemp(join(tmpdir(), 'provider-pi-trace-'))
  const frontend = await startLocalFrontend({
    model: { script: parseScript(script, 'test'), engine: { speedup: 100 } },
    trace: { path: join(folder, 'trace.jsonl') },
    ...frontendOptions,
  })
  const proxy = await startRecordingProxy(frontend.baseUrl)
  const pi = await createPiSandbox(piOptions)
  return {
    frontend,
    proxy,
    pi,
    environment: { ...frontend.environmentFor({}), DYNAMO_BASE_URL: proxy.baseUrl },
    async rows() {
      await frontend.drain()
      const text = await readFile(join(folder, 'trace.jsonl'), 'utf8')
      const records = text
        .split('\n')
        .map((line) => parseTraceLine(line))
        .flatMap((line) => (line.kind === 'record' ? [line.record] : []))
      return {
        requests: records.filter((record) => record.type === 'request_end'),
        tools: records.filter((record) => record.type !== 'request_end'),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([proxy[Symbol.asyncDispose](), frontend.close(), pi[Symbol.asyncDispose]()])
      await rm(folder, { recursive: true })
    },
  }
}
