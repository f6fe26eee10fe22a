// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process'

/** What tells of signals: a process, or an emitter that stands for it. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface PassSignalsOptions {
  readonly signals: SignalSource
  /** The command gets the terminal's Ctrl-C by itself, as part of the foreground process group. */
  readonly sharesTerminal: boolean
}

/**
 * Passes signals on to a command, so that this process outlives it and can
 * finish its own work. The first Ctrl-C is the command's to handle, and is not
 * sent twice to one that has it from the terminal; each further one is
 * somebody losing patience, so it is sent as SIGTERM and then as SIGKILL.
 *
 * @returns a function that ends it.
 */
export function passSignalsOn(child: ChildProcess, { signals, sharesTerminal }: PassSignalsOptions): () => void {
  let interrupts = 0
  const listeners: Partial<Record<NodeJS.Signals, () => void>> = {
    SIGINT: () => {
      interrupts++
      if (interrupts > 1) child.kill(interrupts === 2 ? 'SIGTERM' : 'SIGKILL')
      else if (!sharesTerminal) child.kill('SIGINT')
    },
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  }
  const entries = Object.entries(listeners) as [NodeJS.Signals, () => void][]
  for (const [signal, listener] of entries) signals.on(signal, listener)
  return () => {
    for (const [signal, listener] of entries) signals.off(signal, listener)
  }
}
