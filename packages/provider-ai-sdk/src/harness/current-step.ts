// SPDX-License-Identifier: Apache-2.0
import { processWide } from '@dynamo-agent/core'
import { AsyncLocalStorage } from 'node:async_hooks'

/** A step of ai@7: one answer of the model, however many attempts it takes, and the tools that it calls. */
export interface Step {
  /** Whose step it is. What runs inside for somebody else, such as an agent in a tool, has steps of its own. */
  readonly trajectoryId: string
  /** Told when the step is over. */
  readonly watchers: Set<StepWatcher>
}

/** @param error What the step failed with; undefined where it did not. */
export type StepWatcher = (error: unknown) => void

const storageKey = Symbol.for('dynamo-agent.step')

/** What holds the current step; ai@7's tracing channel enters it. */
export function stepStorage(): AsyncLocalStorage<Step | undefined> {
  return processWide(storageKey, () => new AsyncLocalStorage<Step | undefined>())
}

export function createStep(trajectoryId: string): Step {
  return { trajectoryId, watchers: new Set() }
}

/** The step that a call of a trajectory is made for, if the SDK tells of steps. */
export function currentStepOf(trajectoryId: string): Step | undefined {
  const step = stepStorage().getStore()
  return step?.trajectoryId === trajectoryId ? step : undefined
}
