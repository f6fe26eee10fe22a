// SPDX-License-Identifier: Apache-2.0

/**
 * A signal that nobody listens to ends a process without a last turn, and its
 * open tool calls would have no end. While nobody else listens, this delivers
 * what waits and then lets the signal have its way.
 *
 * Where others listen it does nothing. It is the first of them and gone when
 * they are called: signal-exit, which much of npm brings along, ends the
 * process only if it is alone, and would wait for us for ever.
 *
 * SIGINT is meant for us only at a terminal. A program that a script starts in
 * the background inherits that it is ignored, and a listener would undo that.
 *
 * @param deliver Bounded in time; never rejects.
 * @returns Stops listening.
 */
export function deliverOnSignal(deliver: () => Promise<unknown>): () => void {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  const tty = process?.getBuiltinModule?.('node:tty')
  if (tty === undefined) return () => undefined
  const signals: NodeJS.Signals[] = tty.isatty(0) ? ['SIGTERM', 'SIGINT'] : ['SIGTERM']
  const forgets = signals.map((signal) => listenTo(signal, deliver))
  return () => {
    for (const forget of forgets) forget()
  }
}

function listenTo(signal: NodeJS.Signals, deliver: () => Promise<unknown>): () => void {
  let isWanted = true
  const listen = () => {
    if (isWanted) process.prependOnceListener(signal, onSignal)
  }
  const onSignal = () => {
    if (process.listenerCount(signal) > 0) setImmediate(listen).unref()
    else void deliver().then(() => process.kill(process.pid, signal))
  }
  listen()
  return () => {
    isWanted = false
    process.off(signal, onSignal)
  }
}
