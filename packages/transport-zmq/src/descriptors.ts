// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs'
import { sleep } from './sleep.ts'

const STEP_MS = 1
/** Where the system does not list descriptors: enough for a thread that is not starved to write what it has. */
const BLIND_WAIT_MS = 20

/** The numbers of the descriptors that this process has open; undefined where the system does not list them (Windows). */
export function openDescriptors(): ReadonlySet<string> | undefined {
  try {
    return new Set(readdirSync('/dev/fd'))
  } catch {
    return undefined
  }
}

/**
 * Stops this thread until one of the descriptors that were open is closed, at
 * most for `limitMs`. It is the one sign of a closed socket that needs no turn
 * of the event loop: libzmq closes the connection when all that it had taken
 * is written, or its linger is over, and the socket itself after that.
 */
export function waitForClosedDescriptor(before: ReadonlySet<string> | undefined, limitMs: number): void {
  if (before === undefined) {
    sleep(Math.min(BLIND_WAIT_MS, limitMs))
    return
  }
  const endMs = performance.now() + limitMs
  while (performance.now() < endMs) {
    const now = openDescriptors()
    if (now === undefined || [...before].some((descriptor) => !now.has(descriptor))) return
    sleep(STEP_MS)
  }
}
