// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:os'
import type { Output } from './output.ts'

/** What ends a command from outside: Ctrl-C, a polite kill, and the end of its terminal. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a part of the work that signals do not end, because it handles them itself. */
export type Shield = <Result>(part: () => Promise<Result>) => Promise<Result>

/**
 * Does work that a signal ends in an orderly way: the work sees an aborted
 * AbortSignal and cleans up after itself. A second Ctrl-C does not wait for
 * that.
 *
 * @returns What the work returned, or 128+n when signal n ended it.
 */
export async function interruptible(
  output: Output,
  work: (signal: AbortSignal, shield: Shield) => Promise<number>,
): Promise<number> {
  const stop = new AbortController()
  let shields = 0
  let endedBy: (typeof endingSignals)[number] | undefined
  const listeners = endingSignals.map((name) => {
    const listener = () => {
      if (shields > 0) return
      // Without a listener the next one of its kind ends the process at once.
      process.off(name, listener)
      endedBy ??= name
      stop.abort()
    }
    return { name, listener }
  })

  for (const { name, listener } of listeners) process.on(name, listener)
  try {
    return await work(stop.signal, async (part) => {
      shields++
      try {
        return await part()
      } finally {
        shields--
      }
    })
  } catch (error) {
    if (endedBy === undefined) throw error
    output.note('dynamo-agent: stopped')
    return 128 + constants.signals[endedBy]
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener)
  }
}
