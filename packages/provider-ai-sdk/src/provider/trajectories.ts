// SPDX-License-Identifier: Apache-2.0
import { createHintPolicy, type AgentHints } from '@dynamo-agent/core'

/** What is known of a trajectory from its calls, for the hints of the next one and of its subagents. */
export interface Trajectory {
  /** What `auto` stands for in its hints. */
  readonly learnt: AgentHints
  /** Of its latest call. */
  priority: number | undefined
  /** A call begins: whatever tools the latest answer has asked for are done. */
  began(): void
  /** An answer has come to its end. */
  answered(answer: { readonly outputTokens: number; readonly asksForTools: boolean }): void
}

export interface Trajectories {
  /** What is known of a trajectory; nothing yet of a new one. */
  of(trajectoryId: string): Trajectory
  /** The same of one that has called already, and has not been forgotten. */
  find(trajectoryId: string): Trajectory | undefined
}

export interface TrajectoriesOptions {
  /** Milliseconds of a monotonic clock. @defaultValue performance.now */
  readonly now?: () => number
  /** Trajectories that are remembered: a server has ever new ones. @defaultValue 1000 */
  readonly capacity?: number
}

/** Makes a memory of trajectories that forgets what has been unused for longest. */
export function createTrajectories(options: TrajectoriesOptions = {}): Trajectories {
  const { now = () => performance.now(), capacity = 1000 } = options
  // A Map keeps insertion order, so its first entry is the one unused for longest.
  const known = new Map<string, Trajectory>()
  return {
    of(trajectoryId) {
      const trajectory = known.get(trajectoryId) ?? createTrajectory(now)
      known.delete(trajectoryId)
      known.set(trajectoryId, trajectory)
      const [unused] = known.keys()
      if (unused !== undefined && known.size > capacity) known.delete(unused)
      return trajectory
    },
    find: (trajectoryId) => known.get(trajectoryId),
  }
}

/** The SDK tells a model nothing of its tools, but between an answer that asks for some and the next call they run. */
const TOOLS = 'tools'

function createTrajectory(now: () => number): Trajectory {
  const policy = createHintPolicy({
    hints: {},
    priorityPolicy: {},
    learnsOutputLength: true,
    learnsSpeculativePrefill: true,
    situation: { isInteractive: false },
  })
  let toolsSinceMs: number | undefined
  return {
    get learnt() {
      return policy.turn.hints
    },
    priority: undefined,
    began() {
      if (toolsSinceMs !== undefined) policy.toolEnded(TOOLS, now() - toolsSinceMs)
      toolsSinceMs = undefined
    },
    answered({ outputTokens, asksForTools }) {
      policy.answered(outputTokens)
      toolsSinceMs = asksForTools ? now() : undefined
    },
  }
}
