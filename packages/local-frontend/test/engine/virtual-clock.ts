// SPDX-License-Identifier: Apache-2.0

/** A clock that jumps to the next due sleeper as soon as nothing else is left to do. */
export interface VirtualClock {
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Sleepers that neither woke nor were aborted. */
  readonly sleeping: () => number
}

export function createVirtualClock(startMs = 1_700_000_000_000): VirtualClock {
  interface Sleeper {
    readonly dueMs: number
    readonly wake: () => void
  }
  let nowMs = startMs
  let ticking = false
  const sleepers: Sleeper[] = []

  const tick = () => {
    sleepers.sort((a, b) => a.dueMs - b.dueMs)
    const next = sleepers.shift()
    ticking = sleepers.length > 0
    if (next === undefined) return
    nowMs = Math.max(nowMs, next.dueMs)
    next.wake()
    if (ticking) setImmediate(tick)
  }

  return {
    now: () => nowMs,
    sleeping: () => sleepers.length,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const abort = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1)
          reject(signal.reason as Error)
        }
        const sleeper: Sleeper = {
          dueMs: nowMs + ms,
          wake() {
            signal.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal.addEventListener('abort', abort, { once: true })
        sleepers.push(sleeper)
        if (!ticking) setImmediate(tick)
        ticking = true
      })
    },
  }
}
