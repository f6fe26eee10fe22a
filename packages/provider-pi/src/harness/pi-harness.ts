// SPDX-License-Identifier: Apache-2.0
import type { AgentContext, HarnessLogStatus, OpenedHarnessLog } from '@dynamo-agent/core'
import type { PiMeasuredMessage } from '../pi/harness-events.ts'
import type { PiCall } from '../provider/stream.ts'
import { createHarnessRecorder, type HarnessRecorder } from './harness-recorder.ts'
import { openLog } from './open-log.ts'

/** The harness log of one Pi session. No method throws or rejects. */
export interface PiHarness {
  begin(context: AgentContext, session: HarnessSession): void
  /** Told the request id that an LLM call goes with. */
  requested(call: PiCall, requestId: string): void
  /** undefined before the session has begun and after it has ended: nothing is recorded then. */
  readonly recorder: HarnessRecorder | undefined
  /** Ends what is open and writes what waits; bounded in time. */
  end(reason: string | undefined): Promise<void>
  /** undefined before a session has begun. */
  readonly status: HarnessLogStatus | undefined
}

export interface HarnessSession {
  readonly piSessionId: string
  /** Why it begins, in Pi's words. */
  readonly reason: string | undefined
  /** Where Pi saves it; undefined where Pi does not. */
  readonly file: string | undefined
  /** Whether a person is there to be waited for. */
  readonly hasUser: boolean
  /** The conversation as it stands; undefined where the host does not tell. */
  readonly readMessages: () => readonly PiMeasuredMessage[] | undefined
}

/** @param path As in `DYN_AGENT_HARNESS_LOG`. */
export function createPiHarness(path: string): PiHarness {
  let log: OpenedHarnessLog | undefined
  let recorder: HarnessRecorder | undefined
  let turnsOf: string | undefined
  let forgetExit: (() => void) | undefined
  const finish = (reason: string) => {
    const ended = recorder
    recorder = undefined
    ended?.end(reason)
    forgetExit?.()
  }
  return {
    begin(identity, { piSessionId, reason = 'startup', ...session }) {
      finish('new')
      turnsOf = piSessionId
      log ??= openLog(path)
      forgetExit = log.beforeExit(() => {
        finish('exit')
      })
      recorder = createHarnessRecorder({ ...session, identity, reason, write: log.record })
    },
    requested({ sessionId }, requestId) {
      // A call with another id, or none, compacts or summarizes.
      if (sessionId === turnsOf) recorder?.requested(requestId)
    },
    get recorder() {
      return recorder
    },
    async end(reason = 'quit') {
      finish(reason)
      await log?.close()
    },
    get status() {
      return log?.status
    },
  }
}
