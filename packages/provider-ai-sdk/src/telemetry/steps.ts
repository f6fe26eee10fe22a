// SPDX-License-Identifier: Apache-2.0
import { callingAgent } from '../context/calling-agent.ts'
import { createStep, stepStorage, type Step } from '../harness/current-step.ts'
import { turnRecorder } from '../registration.ts'
import type { ChannelMessage, OperationStart } from './sdk-events.ts'

/** Operations whose LLM calls are tried again; embedding has retries of its own. */
const operations: readonly string[] = ['generateText', 'streamText', 'generateObject', 'streamObject']

/**
 * Follows the steps of ai@7 through its tracing channel. All attempts of a
 * step run inside it, and its end comes when its tools have ended.
 *
 * @returns Stops following.
 */
export function followSteps(diagnostics: typeof import('node:diagnostics_channel')): () => void {
  const { start, asyncEnd } = diagnostics.tracingChannel<Step | undefined>('ai:telemetry')
  const storage = stepStorage()
  const begun = new WeakMap<object, Step>()

  const stepOfSpan = (message: unknown) => {
    const context = isStep(message) ? callingAgent() : undefined
    if (context === undefined || turnRecorder() === undefined) return storage.getStore()
    const step = createStep(context.trajectoryId)
    begun.set(message as object, step)
    return step
  }
  const noteOperation = (message: unknown) => {
    const { type, event } = message as ChannelMessage
    const { maxRetries } = (event ?? {}) as OperationStart
    const context = operations.includes(type) ? callingAgent() : undefined
    if (context !== undefined && maxRetries !== undefined) turnRecorder()?.operationBegan(context, maxRetries)
  }
  const end = (message: unknown) => {
    const step = begun.get(message as object)
    for (const watcher of step?.watchers ?? []) watcher((message as ChannelMessage).error)
  }

  start.bindStore(storage, stepOfSpan)
  start.subscribe(noteOperation)
  asyncEnd.subscribe(end)
  return () => {
    start.unbindStore(storage)
    start.unsubscribe(noteOperation)
    asyncEnd.unsubscribe(end)
  }
}

function isStep(message: unknown): boolean {
  return (message as ChannelMessage).type === 'step'
}
