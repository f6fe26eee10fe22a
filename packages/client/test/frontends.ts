// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseTraceLine, type Dialect, type RequestIdentity, type RequestRecord } from '@dynamo-agent/core'
import { parseScript, startLocalFrontend } from '@dynamo-agent/local-frontend'
import { onTestFinished } from 'vitest'

export type Generation = '1.2' | '1.3+'

/** A local frontend that records, closed when the test ends. */
export async function startFrontend(generation: Generation, port = 0) {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  const frontend = await startLocalFrontend({
    model: { script: parseScript(JSON.stringify({ turns: ['Done.'] }), 'test'), engine: { speedup: 1000 } },
    trace: { path: join(folder, 'trace.jsonl') },
    toolEvents: false,
    generation,
    port,
  })
  onTestFinished(async () => {
    await frontend.close()
    await rm(folder, { recursive: true, force: true })
  })
  const requests = async () => {
    await frontend.drain()
    return readRequests(join(folder, 'trace.jsonl'))
  }
  return Object.assign(frontend, { port: Number(new URL(frontend.baseUrl).port), requests })
}

export async function readRequests(path: string): Promise<RequestRecord[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => parseTraceLine(line))
  return lines.flatMap((line) => (line.kind === 'record' && line.record.type === 'request_end' ? [line.record] : []))
}

const context = { sessionId: 'run', trajectoryId: 'run.coder', sessionTypeId: 'test' }

/** Who makes the requests of these tests: one agent, whose request ids are numbered in the order they are sent. */
export function numberedIdentity(): (dialect: Dialect) => RequestIdentity {
  let requests = 0
  return (dialect) => dialect.identify(context, { priority: 3 }, `request-${++requests}`)
}

/** The identity above as the traces of a generation tell it. */
export const recordedIdentity: Readonly<Record<Generation, object>> = {
  '1.2': { sessionId: 'run', trajectoryId: 'run.coder', sessionTypeId: 'test' },
  '1.3+': { trajectoryId: 'run.coder', parentTrajectoryId: 'run' },
}

export const chatBody = (model = 'scripted', fields: object = {}): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'Do it.' }], max_tokens: 4, ...fields })

export function postChat(fetch: typeof globalThis.fetch, baseUrl: string, body = chatBody()): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })
}

/** A fetch through a gateway that shows `/v1` alone. */
export const withoutDocument: typeof globalThis.fetch = (input, init) => {
  const isDocument = typeof input === 'string' && input.endsWith('/openapi.json')
  return isDocument ? Promise.resolve(new Response('', { status: 404 })) : fetch(input, init)
}

/** Waits until something holds. */
export async function until(holds: () => boolean, limitMs = 5000): Promise<void> {
  const end = Date.now() + limitMs
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came true')
    await sleep(5)
  }
}
