// SPDX-License-Identifier: Apache-2.0
import { skewed, type Distribution, type Random } from './random.ts'

/** What kind of work the agents of a trace do. */
export interface Shape {
  /** Rows that a session adds in a second of its life: how many sessions go on at once follows from it. */
  readonly rowsPerSecond: number
  /** Tokens that a prompt has after the blocks which all share. */
  readonly firstPromptTokens: Distribution
  /** How many requests an agent makes. @param level 1 for a root, as below. */
  turns(random: Random, level: number): number
  /** How many subagents a turn starts. */
  subagents(random: Random, level: number): number
}

const hundredsOfTurns = skewed(200, 2)
const aDozenTurns = skewed(12, 1.5)
const someTurns = skewed(7, 1.6)

export const shapes = {
  /** Sessions of one agent each, which works for an hour. */
  'coding-agent': {
    rowsPerSecond: 0.25,
    firstPromptTokens: skewed(3000, 2),
    turns: (random) => hundredsOfTurns(random),
    subagents: () => 0,
  },
  /** Agents that hand their work to dozens of subagents at once. */
  swarm: {
    rowsPerSecond: 2,
    firstPromptTokens: skewed(10_000, 1.5),
    turns: (random, level) => (level === 1 ? aDozenTurns : someTurns)(random),
    subagents: (random, level) => (level === 1 && random.chance(0.35) ? random.between(8, 32) : 0),
  },
  /** Agents that hand on the better part of their work, and so do those, a dozen levels deep. */
  deep: {
    rowsPerSecond: 1,
    firstPromptTokens: skewed(10_000, 1.5),
    turns: (random) => someTurns(random),
    subagents: (random, level) => (level < 14 && random.chance(0.13) ? random.between(1, 2) : 0),
  },
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof shapes
