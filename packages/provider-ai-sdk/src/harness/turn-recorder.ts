// SPDX-License-Identifier: Apache-2.0
import type { AgentContext, HarnessRecord } from '@dynamo-agent/core'
import { currentStepOf } from './current-step.ts'
import { createTrajectoryLog, type TrajectoryLog } from './trajectory-log.ts'
import type { FailedAttempt, Turn, TurnAnswer, TurnCall } from './turn.ts'

/** What becomes of one attempt of a call. Whatever is told after its end is ignored. */
export interface AttemptLog {
  failed(attempt: FailedAttempt): void
  /** @param isFinal It is the last one of its trajectory. */
  answered(answer: TurnAnswer, isFinal: boolean): void
  /** Nobody reads on. */
  abandoned(requestId: string | undefined): void
}

/** Makes rows of a harness log of what provider and SDK tell. No method throws or waits. */
export interface TurnRecorder {
  /** The provider makes an attempt of a call: the first one, or one after others have failed. */
  begin(context: AgentContext, call: TurnCall): AttemptLog
  /** The SDK begins an operation whose calls it tries again so many times. */
  operationBegan(context: AgentContext, maxRetries: number): void
  /** ai@6 begins a step, and will tell when it has ended. */
  stepBegan(context: AgentContext): void
  /** ai@6 has ended the step whose answer came under this request id. */
  stepEnded(context: AgentContext, requestId: string): void
  /** Ends every trajectory. Nothing is recorded any more. */
  close(reason: string): void
}

export interface TurnRecorderOptions {
  readonly record: (record: HarnessRecord) => void
  /** Trajectories that are remembered: a server has ever new ones. @defaultValue 1000 */
  readonly capacity?: number
}

/** What the SDK says of the calls that a trajectory is about to make. */
type Announcement = Partial<Pick<TrajectoryLog, 'maxRetries' | 'tellsSteps'>>

export function createTurnRecorder({ record, capacity = 1000 }: TurnRecorderOptions): TurnRecorder {
  // A Map keeps insertion order, so its first entry is the one unused for longest.
  const trajectories = new Map<string, TrajectoryLog>()
  /**
   * By what the attempts of one call have in common: in ai@7 the step, in ai@6
   * the very prompt. A stream of ai@7 makes a new prompt for each attempt.
   */
  const latest = new WeakMap<object, Turn>()
  /** What the SDK has said of trajectories that have made no call yet, and may make none to Dynamo. */
  const announced = new Map<string, Announcement>()
  let isClosed = false

  function logOf(context: AgentContext): TrajectoryLog {
    const { trajectoryId } = context
    const log = trajectories.get(trajectoryId) ?? beginLog(context)
    trajectories.delete(trajectoryId)
    trajectories.set(trajectoryId, log)
    const [unused] = trajectories.keys()
    if (unused !== undefined && trajectories.size > capacity) end(unused, 'idle')
    return log
  }

  function beginLog(context: AgentContext): TrajectoryLog {
    const log = createTrajectoryLog(context, record)
    Object.assign(log, announced.get(context.trajectoryId))
    announced.delete(context.trajectoryId)
    return log
  }

  function announce({ trajectoryId }: AgentContext, announcement: Announcement): void {
    if (isClosed) return
    const log = trajectories.get(trajectoryId)
    if (log !== undefined) {
      Object.assign(log, announcement)
      return
    }
    announced.set(trajectoryId, { ...announced.get(trajectoryId), ...announcement })
    const [oldest] = announced.keys()
    if (oldest !== undefined && announced.size > capacity) announced.delete(oldest)
  }

  function end(trajectoryId: string, reason: string): void {
    const log = trajectories.get(trajectoryId)
    trajectories.delete(trajectoryId)
    log?.end(reason)
  }

  function turnOf(context: AgentContext, call: TurnCall): Turn {
    const step = currentStepOf(context.trajectoryId)
    const key = step ?? call.prompt
    const known = latest.get(key)
    if (known?.awaitsRetry === true) return known
    const turn = logOf(context).beginTurn(call, step !== undefined)
    latest.set(key, turn)
    step?.watchers.add(turn.stepEnded)
    return turn
  }

  return {
    begin(context, call) {
      if (isClosed) return silent
      const turn = turnOf(context, call)
      turn.attemptBegan()
      return {
        failed: (attempt) => {
          turn.failed(attempt)
        },
        answered(answer, isFinal) {
          turn.answered(answer)
          if (isFinal && trajectories.get(context.trajectoryId)?.open.size === 0) end(context.trajectoryId, 'final-call')
        },
        abandoned: (requestId) => {
          turn.abandoned(requestId)
        },
      }
    },
    operationBegan(context, maxRetries) {
      announce(context, { maxRetries })
    },
    stepBegan(context) {
      announce(context, { tellsSteps: true })
    },
    stepEnded({ trajectoryId }, requestId) {
      for (const turn of trajectories.get(trajectoryId)?.open ?? []) {
        if (turn.awaitsToolsOf === requestId) turn.stepEnded(undefined)
      }
    },
    close(reason) {
      isClosed = true
      for (const trajectoryId of trajectories.keys()) end(trajectoryId, reason)
    },
  }
}

const silent: AttemptLog = {
  failed: () => undefined,
  answered: () => undefined,
  abandoned: () => undefined,
}
