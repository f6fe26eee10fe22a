// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { createLineSplitter } from './line-splitter.ts'

export interface AgentRunOptions {
  /** Pi's program. */
  readonly cli: string
  readonly arguments: readonly string[]
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

export interface AgentRun {
  /** Null when a signal ended the agent. */
  readonly status: number | null
  /** What the agent complained about. */
  readonly complaint: string
}

/** Runs Pi to its end. Pi reads standard input until its end before it starts, so it gets none. */
export async function runAgent(options: AgentRunOptions): Promise<AgentRun> {
  const agent = spawn(process.execPath, [options.cli, ...options.arguments], {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // SIGTERM lets Pi end its tools and deliver its events; one that hangs is not waited for.
  const stop = () => {
    agent.kill('SIGTERM')
    setTimeout(() => agent.kill('SIGKILL'), 2000).unref()
  }
  if (options.signal.aborted) stop()
  options.signal.addEventListener('abort', stop)
  let complaint = ''
  agent.stdout.setEncoding('utf8').on('data', createLineSplitter(options.onLine))
  agent.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      agent.on('close', resolve).on('error', reject)
    })
    return { status, complaint: complaint.trim() }
  } finally {
    options.signal.removeEventListener('abort', stop)
  }
}
