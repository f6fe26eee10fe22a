// SPDX-License-Identifier: Apache-2.0

/**
 * Runs `flush` when the process is interrupted, then interrupts it again. For
 * programs that die of SIGINT without telling anybody, as Pi does when it
 * prints or speaks RPC: its open tool calls would have no end.
 *
 * The second signal is needed even where others listen: Pi's own listener,
 * from signal-exit, stands down as long as there is another one, and ends the
 * process only when it is alone. A person who interrupts twice waits for
 * nothing, because this listener is gone with the first signal.
 *
 * @param flush Bounded in time; never rejects.
 * @returns Removes the listener.
 */
export function flushOnInterrupt(flush: () => Promise<void>): () => void {
  const onInterrupt = () => {
    void flush().then(() => process.kill(process.pid, 'SIGINT'))
  }
  process.once('SIGINT', onInterrupt)
  return () => process.off('SIGINT', onInterrupt)
}
