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
import { createPiSandbox, type PiSandbox } from './run-pi.ts'

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

export async function setStage(
  turns: readonly ScriptedTurn[],
  options: Pick<LocalFrontendOptions, 'generation' | 'port'> = {},
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-pi-trace-'))
  const frontend = await startLocalFrontend({
    model: { script: parseScript(JSON.stringify({ turns }), 'test'), engine: { speedup: 100 } },
    trace: { path: join(folder, 'trace.jsonl') },
    ...options,
  })
  const proxy = await startRecordingProxy(frontend.baseUrl)
  const pi = await createPiSandbox()
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
