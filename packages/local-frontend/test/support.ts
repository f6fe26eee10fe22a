// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseExactJson } from '@dynamo-agent/core'
import { onTestFinished } from 'vitest'
import { startLocalFrontend, type LocalFrontend, type LocalFrontendOptions, type Script } from '../src/index.ts'

/** One conversation that always gives this turn. */
export function scriptOf(...turns: (Partial<Script['conversations'][number]['turns'][number]> | string)[]): Script {
  return {
    models: [{ id: 'tiny', contextWindow: 0 }],
    conversations: [
      {
        name: 'test',
        when: {},
        turns: turns.map((turn) => ({
          text: '',
          reasoning: '',
          toolCalls: [],
          ...(typeof turn === 'string' ? { text: turn } : turn),
        })),
      },
    ],
  }
}

export const fast = { speedup: 1000 }

/** A frontend without tool events, closed when the test ends. */
export async function start(options: Partial<LocalFrontendOptions> = {}): Promise<LocalFrontend> {
  const model = { script: scriptOf('hello to whoever reads this text'), engine: fast }
  const frontend = await startLocalFrontend({ model, toolEvents: false, ...options })
  onTestFinished(() => frontend.close())
  return frontend
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-frontend-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A frontend with a trace, and its rows so far. */
export async function startTraced(options: Partial<LocalFrontendOptions> = {}) {
  const path = join(temporaryFolder(), 'trace.jsonl')
  const frontend = await start({ trace: { path }, ...options })
  return {
    frontend,
    rows: async () => {
      await frontend.drain()
      return readRows(path)
    },
  }
}

export interface Line {
  timestamp: number
  event: Record<string, unknown> & {
    event_type: string
    event_time_unix_ms: number
    agent_context?: Record<string, unknown>
    request?: Record<string, unknown>
    tool?: Record<string, unknown>
  }
}

export function readRows(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => parseExactJson(line) as Line)
}

export const chat = {
  model: 'tiny',
  messages: [{ role: 'user', content: 'say hello' }],
}

export function post(
  frontend: Pick<LocalFrontend, 'baseUrl'>,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return postTo(`${frontend.baseUrl}/chat/completions`, body, init)
}

export function postTo(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  })
}

/** The data of each event of a stream. */
export function eventsOf(text: string): string[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''))
}

export function chunksOf(text: string): unknown[] {
  return eventsOf(text)
    .filter((data) => data !== '[DONE]')
    .map(parseExactJson)
}

/** Keys in order and types of values, without the values. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.entries(value).map(([key, item]) => [key, shapeOf(item)])
}

export const settle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 5000): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it never came true')
    await settle(10)
  }
}
