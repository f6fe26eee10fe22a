// SPDX-License-Identifier: Apache-2.0
import type { Id } from './ids.ts'
import { skewed, type Distribution } from './random.ts'
import type { Harness } from './session.ts'
import type { Simulation } from './simulation.ts'

/** What a turn leads to, before it runs. */
export interface Turn {
  /** What the model asks for; nothing in half of all turns. */
  readonly calls: readonly PlannedCall[]
  /** The session is given up while the calls run: nothing follows in this trajectory. */
  readonly abandoned: boolean
}

export interface PlannedCall {
  readonly id: Id
  readonly toolClass: string
  /** Rows of it that arrive: none where the harness does not report, one where the end got lost. */
  readonly rows: 0 | 1 | 2
  readonly outcome: 'succeeded' | 'error' | 'cancelled'
  /** A call that starts subagents takes as long as they do instead. */
  readonly durationMs: number
  readonly subagents: number
}

interface Tool {
  readonly name: string
  readonly durationMs: Distribution
}

const readFile: Tool = { name: 'read_file', durationMs: skewed(25, 2) }
const bash: Tool = { name: 'bash', durationMs: skewed(1200, 4) }
const tools: readonly [Tool, ...Tool[]] = [
  readFile,
  readFile,
  bash,
  bash,
  { name: 'grep', durationMs: skewed(80, 2) },
  { name: 'edit_file', durationMs: skewed(40, 2) },
  { name: 'web_fetch', durationMs: skewed(900, 3) },
]

/** Longer than the row of a call's start may be under way. */
const SHORTEST_CALL_MS = 8

export const idleTurn: Turn = { calls: [], abandoned: false }

/** Half of all turns call no tool, one in seven calls several at once. */
export function planTurn(sim: Simulation, harness: Harness): Turn {
  const { random } = sim
  const dice = random.fraction()
  if (dice < 0.5) return idleTurn
  const count = dice < 0.86 ? 1 : random.between(2, 4)
  return { calls: times(count, () => planCall(sim, harness, 0)), abandoned: false }
}

/** A turn that starts subagents, with one call for all or one for each. */
export function planSubagents(sim: Simulation, harness: Harness, subagents: number): Turn {
  const perCall = harness.oneCallPerSubagent ? 1 : subagents
  return { calls: times(subagents / perCall, () => planCall(sim, harness, perCall)), abandoned: false }
}

/** The user gives up while tools run: the harness reports one of them as cancelled and nothing of how the others end. */
export function planAbandonedTurn(sim: Simulation, harness: Harness): Turn {
  const call = (): PlannedCall => ({ ...planCall(sim, harness, 0), rows: 1, durationMs: SHORTEST_CALL_MS })
  const cancelled: PlannedCall = { ...call(), rows: 2, outcome: 'cancelled', durationMs: sim.random.between(1000, 30_000) }
  return { calls: [cancelled, ...times(sim.random.between(0, 2), call)], abandoned: true }
}

function planCall({ random, ids }: Simulation, harness: Harness, subagents: number): PlannedCall {
  const tool = random.pick(tools)
  const isReported = harness.reportsCalls && !random.chance(0.06)
  const dice = random.fraction()
  return {
    id: ids.next(),
    toolClass: subagents > 0 ? 'spawn_agent' : tool.name,
    rows: !isReported ? 0 : random.chance(0.004) ? 1 : 2,
    outcome: dice < 0.05 ? 'error' : dice < 0.06 ? 'cancelled' : 'succeeded',
    durationMs: SHORTEST_CALL_MS + Math.round(tool.durationMs(random)),
    subagents,
  }
}

/** Rows that a turn needs besides its request: those of its calls, and one for each request that must follow. */
export function rowsAhead({ calls, abandoned }: Turn): number {
  const rows = calls.reduce((sum, call) => sum + call.rows + call.subagents, 0)
  return rows + (calls.length > 0 && !abandoned ? 1 : 0)
}

function times<Item>(count: number, create: () => Item): Item[] {
  const items: Item[] = []
  for (let index = 0; index < count; index++) items.push(create())
  return items
}
