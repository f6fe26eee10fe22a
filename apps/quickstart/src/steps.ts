// SPDX-License-Identifier: Apache-2.0
import type { FinishedToolCall, FinishedTurn } from './pi-events.ts'
import { readTestSummary, type TestSummary } from './test-summary.ts'

/** What the agent did in a stretch of turns: what a person wants to know of it. */
export interface AgentStep {
  readonly durationMs: number
  /** Files that could be read. */
  readonly filesRead: number
  /** Paths, in order. */
  readonly filesEdited: readonly string[]
  /** Every run of the project's tests, in order. */
  readonly testRuns: readonly TestSummary[]
  /** Roles of the subagents. */
  readonly subagents: readonly string[]
  readonly toolCalls: number
  readonly failedToolCalls: number
}

/**
 * Sums turns up to steps: a step is a run of turns in which the agent works
 * itself, or of turns in which it has subagents work.
 */
export function createStepReader(onStep: (step: AgentStep) => void): {
  turn(turn: FinishedTurn): void
  /** Ends the last step. */
  end(): void
} {
  let turns: FinishedTurn[] = []

  const end = () => {
    const [first] = turns
    const last = turns.at(-1)
    if (first !== undefined && last !== undefined) {
      onStep(summarize(turns.flatMap((turn) => turn.toolCalls), last.endedMs - first.startedMs))
    }
    turns = []
  }
  return {
    turn(turn) {
      if (turn.toolCalls.length === 0) return
      const [current] = turns
      if (current !== undefined && delegates(current) !== delegates(turn)) end()
      turns.push(turn)
    },
    end,
  }
}

function delegates(turn: FinishedTurn): boolean {
  return turn.toolCalls.some(({ name }) => name === 'subagent')
}

function summarize(calls: readonly FinishedToolCall[], durationMs: number): AgentStep {
  const succeeded = (name: string) => calls.filter((call) => call.name === name && !call.failed)
  return {
    durationMs,
    filesRead: succeeded('read').length,
    filesEdited: succeeded('edit').map((call) => String(call.arguments.path)),
    testRuns: calls.filter(({ name }) => name === 'bash').flatMap(({ output }) => readTestSummary(output) ?? []),
    subagents: succeeded('subagent').map((call) => String(call.arguments.role)),
    toolCalls: calls.length,
    failedToolCalls: calls.filter(({ failed }) => failed).length,
  }
}
