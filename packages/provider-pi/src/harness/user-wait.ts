// SPDX-License-Identifier: Apache-2.0
import type { UserWait } from '@dynamo-agent/core'

/** When an agent waits for a person: between its answer and the next prompt, and while an extension asks something. */
export interface UserWaits {
  /** The agent has nothing more to do. */
  settled(): void
  /** @returns The wait that this prompt has ended. */
  prompted(): UserWait | undefined
  /** The agent goes on by itself, so it did not wait. */
  continued(): void
  asked(): void
  /** @returns The wait that this answer has ended, unless it was part of a longer one. */
  answered(): UserWait | undefined
}

export function createUserWaits(now: () => number): UserWaits {
  let idleSinceMs: number | undefined
  let askedAtMs: number | undefined
  let questions = 0
  const since = (startedAtMs: number | undefined): UserWait | undefined =>
    startedAtMs === undefined ? undefined : { startedAtMs, durationMs: now() - startedAtMs }
  return {
    settled() {
      idleSinceMs = now()
    },
    prompted() {
      const wait = since(idleSinceMs)
      idleSinceMs = undefined
      return wait
    },
    continued() {
      idleSinceMs = undefined
    },
    asked() {
      if (questions++ === 0) askedAtMs = idleSinceMs === undefined ? now() : undefined
    },
    answered() {
      if (questions === 0 || --questions > 0) return undefined
      return since(askedAtMs)
    },
  }
}
