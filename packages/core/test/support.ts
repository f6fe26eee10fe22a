// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createAgentContext, type AgentContext } from '../src/index.ts'

/** The address of a source file, for programs that run outside this process. */
export function sourceUrl(path = 'index.ts'): string {
  return new URL(`../src/${path}`, import.meta.url).href
}

/** Runs a module in a Node process of its own and returns what it printed as JSON. */
export async function runProgram(source: string, environment: NodeJS.ProcessEnv = process.env): Promise<unknown> {
  const args = ['--input-type=module', '--eval', source]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment, timeout: 15_000 })
  return JSON.parse(stdout)
}

/** A subagent's context, so that every field is set. */
export const child: AgentContext = createAgentContext({
  sessionId: 'run-1',
  trajectoryId: 'run-1:child',
  parentTrajectoryId: 'run-1:root',
  sessionTypeId: 'coding',
})

export const root: AgentContext = createAgentContext({ sessionId: 'run-1', sessionTypeId: 'coding' })

/** Numbers from 0 to below 1 that are the same in each run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
