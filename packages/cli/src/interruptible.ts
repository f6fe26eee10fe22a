// SPDX-License-Identifier: Apache-2.0
import type { Output } from './output.ts'

/** What shells report for a command that Ctrl-C ended. */
const interrupted = 130

/**
 * Does work that Ctrl-C ends in an orderly way: the work sees an aborted
 * signal and cleans up after itself. A second Ctrl-C does not wait for that.
 *
 * @returns What the work returned, or 130 when it was interrupted.
 */
export async function interruptible(output: Output, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController()
  const interrupt = () => {
    stop.abort()
  }
  process.once('SIGINT', interrupt)
  try {
    return await work(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    output.note('dynamo-agent: stopped')
    return interrupted
  } finally {
    process.off('SIGINT', interrupt)
  }
}
