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

/** A frontend that plays turns and writes a trace, and a proxy before it that sees the requests. */
export interface Stage extends AsyncDisposable {
  readonly frontend: LocalFrontend
  readonly proxy: RecordingProxy
  /** Of the proxy. */
  readonly baseURL: string
  /** The trace that the frontend writes. */
  readonly tracePath: string
  /** What is on record by now. */
  rows(): Promise<{ readonly requests: readonly RequestRecord[]; readonly tools: readonly ToolRecord[] }>
}

export type ScriptedTurn =
  | string
  | {
      readonly text?: string
      readonly reasoning?: string
      readonly outputTokens?: number
      readonly toolCalls?: readonly { readonly name: string; readonly arguments?: object }[]
    }

/** What the model says in conversations whose system prompt, or first user message, holds a text. */
export interface ScriptedConversation {
  readonly name: string
  readonly when: { readonly system: string } | { readonly user: string }
  readonly turns: readonly ScriptedTurn[]
}

export interface StageOptions extends Pick<LocalFrontendOptions, 'generation' | 'randomU64' | 'apiKey'> {
  /** Conversations that go another way. */
  readonly others?: readonly ScriptedConversation[]
  /** @defaultValue one called `scripted` */
  readonly models?: readonly { readonly id: string }[]
}

export async function setStage(turns: readonly ScriptedTurn[], options: StageOptions = {}): Promise<Stage> {
  const { others = [], models, ...frontendOptions } = options
  const script = JSON.stringify({ models, conversations: [...others, { name: 'test', turns }] })
  const folder = await mkdtemp(join(tmpdir(), 'provider-ai-sdk-'))
  const path = join(folder, 'trace.jsonl')
  const frontend = await startLocalFrontend({
    model: { script: parseScript(script, 'test'), engine: { speedup: 100 } },
    trace: { path },
    ...frontendOptions,
  })
  const proxy = await startRecordingProxy(frontend.baseUrl)
  return {
    frontend,
    proxy,
    baseURL: proxy.baseUrl,
    tracePath: path,
    async rows() {
      await frontend.drain()
      const records = (await readFile(path, 'utf8'))
        .split('\n')
        .map((line) => parseTraceLine(line))
        .flatMap((line) => (line.kind === 'record' ? [line.record] : []))
      return {
        requests: records.filter((record) => record.type === 'request_end'),
        tools: records.filter((record) => record.type !== 'request_end'),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([proxy[Symbol.asyncDispose](), frontend.close()])
      await rm(folder, { recursive: true })
    },
  }
}
