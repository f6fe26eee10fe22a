// SPDX-License-Identifier: Apache-2.0

/** Timers are never quite on time; more than this was work of the process itself. */
const BUSY_MS = 50

/**
 * Aborts after a time in which the process could have seen an answer: one that
 * loads a harness at its start may look for seconds neither at its clock nor
 * at its sockets, and would give up what has come long ago. When it is late to
 * find the time is over, it waits as long again as it is late, but at most the
 * given time. Does not keep the process alive.
 */
export function patientTimeout(timeoutMs: number): AbortSignal {
  const controller = new AbortController()
  const startMs = performance.now()
  const abort = (): void => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  }
  setTimeout(() => {
    const lateMs = performance.now() - startMs - timeoutMs
    if (lateMs > BUSY_MS) setTimeout(abort, Math.min(lateMs, timeoutMs)).unref()
    else abort()
  }, timeoutMs).unref()
  return controller.signal
}
