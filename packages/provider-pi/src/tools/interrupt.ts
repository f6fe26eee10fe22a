// SPDX-License-Identifier: Apache-2.0
import { processWide } from '@dynamo-agent/core'
import { constants } from 'node:os'
import type { PiContext } from '../pi/host.ts'

/** Bounded in time; never rejects. */
type Flush = () => Promise<void>

interface Interrupts {
  /** Of each session in the process. */
  readonly flushes: Set<Flush>
  /** Absent while there is none of them. */
  stopListening?: (() => void) | undefined
}

/** Only one may end the process, after the last flush. */
const registryKey = Symbol.for('dynamo-agent.pi-interrupts')

/** Where signal-exit counts its listeners; up to version 3 on `process`. */
const signalExitKey = Symbol.for('signal-exit emitter')

interface Counter {
  readonly count: number
}

function interrupts(): Interrupts {
  return processWide<Interrupts>(registryKey, () => ({ flushes: new Set() }))
}

/**
 * Runs `flush` when a signal comes of which Pi would die without telling
 * anybody: open tool calls would have no end. Every session in the process has
 * its flush, and the process waits for all of them.
 *
 * @returns Takes the flush back.
 */
export function flushOnSignal(host: Pick<PiContext, 'hasUI' | 'mode'>, flush: Flush): () => void {
  const shared = interrupts()
  shared.flushes.add(flush)
  shared.stopListening ??= onInterrupt()
  const stopTermination = isOldScreen(host) ? onTermination() : undefined
  return () => {
    shared.flushes.delete(flush)
    if (shared.flushes.size === 0) stopListening(shared)
    stopTermination?.()
  }
}

/**
 * Pi does nothing on SIGINT. The signal is sent again after the flush, which is
 * needed even where others listen: signal-exit, which Pi uses, stands down as
 * long as it is not alone, and ends the process only when it is. A person who
 * interrupts twice waits for nothing, because this listener is gone with the
 * first signal.
 */
function onInterrupt(): () => void {
  const listener = () => {
    if (isTakenByOthers()) return
    // Not at once: a signal-exit that comes after this listener must still find it.
    queueMicrotask(() => {
      void flushAll(interrupts()).then(() => process.kill(process.pid, 'SIGINT'))
    })
  }
  process.on('SIGINT', listener)
  return () => process.off('SIGINT', listener)
}

/**
 * The screen of Pi 0.73 begins to shut down on SIGTERM and takes its listener
 * away at once, so that signal-exit finds itself alone and ends the process in
 * the same moment. With one more listener Pi comes to its own end, which also
 * gives the terminal back; the exit status stays that of the signal.
 */
function onTermination(): () => void {
  const listener = () => {
    process.once('exit', () => {
      process.exitCode = 128 + constants.signals.SIGTERM
    })
    queueMicrotask(() => {
      process.off('SIGTERM', listener)
      // At once: the tools that Pi ends now are cancelled, not done.
      void flushAll(interrupts())
    })
  }
  process.on('SIGTERM', listener)
  return () => process.off('SIGTERM', listener)
}

/** Whether a person sits before Pi's own screen, of a Pi that does not say so yet: it does from 0.78 on. */
function isOldScreen({ mode, hasUI }: Pick<PiContext, 'hasUI' | 'mode'>): boolean {
  return mode === undefined && hasUI && process.stdin.isTTY
}

async function flushAll(shared: Interrupts): Promise<void> {
  const flushes = [...shared.flushes]
  shared.flushes.clear()
  stopListening(shared)
  await Promise.all(flushes.map((flush) => flush()))
}

function stopListening(shared: Interrupts): void {
  shared.stopListening?.()
  shared.stopListening = undefined
}

/**
 * Whether the process would outlive the signal if nobody listened here: Pi
 * listens to SIGINT in order to ignore it while it is suspended. Listeners of
 * signal-exit do not count, which go by the same rule.
 */
function isTakenByOthers(): boolean {
  const { __signal_exit_emitter__: third } = process as { __signal_exit_emitter__?: Counter }
  const { [signalExitKey]: fourth } = globalThis as { [signalExitKey]?: Counter }
  return process.listenerCount('SIGINT') > 1 + (third?.count ?? 0) + (fourth?.count ?? 0)
}
