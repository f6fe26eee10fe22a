// SPDX-License-Identifier: Apache-2.0
import { median } from '@dynamo-agent/bench'
import { generateText, streamText } from 'ai'
import type { LanguageModelV3 } from '@ai-sdk/provider'
import { withAgentSession } from '../src/index.ts'
import type { Subject } from './subjects.ts'

/** Of one call, in milliseconds. */
export interface CallCost {
  readonly wallMs: number
  readonly cpuMs: number
}

/** Of the baseline, or what another subject takes more. */
export interface CallFigures extends CallCost {
  readonly name: string
}

export type Ask = (model: LanguageModelV3, session: string) => PromiseLike<unknown>

export const generate: Ask = (model, session) =>
  withAgentSession(session, () => generateText({ model, prompt: 'Say a word.' }))

export const stream: Ask = (model, session) =>
  withAgentSession(session, () => streamText({ model, prompt: 'Say many words.' })).consumeStream()

export interface MeasureCallsOptions {
  readonly subjects: readonly Subject[]
  readonly ask: Ask
  readonly rounds: number
  /** In each round, by each subject. */
  readonly calls: number
}

/**
 * Calls in many short rounds, all subjects in each, so that what disturbs the
 * machine disturbs all of them alike. The first subject is the baseline: of
 * every other one it is the median of what a round took more.
 */
export async function measureCalls({ subjects, ask, rounds, calls }: MeasureCallsOptions): Promise<CallFigures[]> {
  const measured: CallCost[][] = []
  // The first rounds warm up.
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const costs: CallCost[] = []
    for (const subject of subjects) costs.push(await costOf(subject, ask, calls))
    if (round >= 0) measured.push(costs)
  }
  return subjects.map(({ name }, index) => {
    const of = (key: keyof CallCost) =>
      median(measured.map((costs) => (costs[index]?.[key] ?? NaN) - (index === 0 ? 0 : (costs[0]?.[key] ?? NaN))))
    return { name, wallMs: of('wallMs'), cpuMs: of('cpuMs') }
  })
}

const WARM_UP_ROUNDS = 5

async function costOf({ model, enter }: Subject, ask: Ask, calls: number): Promise<CallCost> {
  const registration = enter?.()
  await registration?.ready
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  for (let call = 0; call < calls; call++) await ask(model, `chat-${call % 10}`)
  const wallMs = (performance.now() - startMs) / calls
  const { user, system } = process.cpuUsage(cpu)
  await registration?.close()
  return { wallMs, cpuMs: (user + system) / 1000 / calls }
}
