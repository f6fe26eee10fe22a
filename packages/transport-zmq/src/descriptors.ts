// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readlinkSync } from 'node:fs'
import { sleep } from './sleep.ts'

const FOLDER = '/dev/fd'
const STEP_MS = 1
/** Where the system does not list descriptors: enough for a thread that is not starved to write what it has. */
const BLIND_WAIT_MS = 20
/** What libzmq has open for a connection and for a socket of its own, as Linux calls it. */
const OF_SOCKETS = /^socket:|eventfd/

/** What the descriptors that may be libzmq's stand for, and how many for each. */
export type OpenDescriptors = ReadonlyMap<string, number>

/**
 * What this process has open: on Linux its sockets by their inodes and its
 * event descriptors, elsewhere the numbers of all descriptors; undefined where
 * the system does not list them (Windows).
 */
export function listDescriptors(): OpenDescriptors | undefined {
  try {
    const counts = new Map<string, number>()
    for (const number of readdirSync(FOLDER)) {
      const name = nameOf(number)
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return counts
  } catch {
    return undefined
  }
}

/** Undefined for what is no socket. */
function nameOf(number: string): string | undefined {
  try {
    const target = readlinkSync(`${FOLDER}/${number}`)
    return OF_SOCKETS.test(target) ? target : undefined
  } catch (error) {
    // Elsewhere they are no links; the one that the list was read with is closed by now.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : number
  }
}

/**
 * Stops this thread until one of the descriptors that were open is closed, at
 * most for `limitMs`. That is the only sign of a closed socket that needs no
 * turn of the event loop: libzmq closes the connection when all that it had
 * taken is written, or its linger is over, and the socket itself after that.
 * Where another thread closes a socket at this moment, it is taken for ours.
 */
export function waitForClosedDescriptor(before: OpenDescriptors | undefined, limitMs: number): void {
  const endMs = performance.now() + limitMs
  let now = before
  while (before !== undefined && now !== undefined && performance.now() < endMs) {
    if (hasLost(before, now)) return
    sleep(STEP_MS)
    now = listDescriptors()
  }
  if (now === undefined) sleep(Math.min(BLIND_WAIT_MS, limitMs))
}

function hasLost(before: OpenDescriptors, now: OpenDescriptors): boolean {
  for (const [name, count] of before) if ((now.get(name) ?? 0) < count) return true
  return false
}
