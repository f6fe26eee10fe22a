// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises'

/** Epoch milliseconds with a fraction, from the monotonic clock. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Waits on a real timer. The timer keeps the process alive, as a request that
 * somebody awaits should.
 */
export async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}
