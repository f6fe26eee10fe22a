// SPDX-License-Identifier: Apache-2.0
import { openHarnessLog, type OpenedHarnessLog } from '@dynamo-agent/core'
import { createTurnRecorder, type TurnRecorder } from './turn-recorder.ts'

/** A harness log, and what writes it. */
export interface Harness {
  readonly turns: TurnRecorder
  readonly log: OpenedHarnessLog
  /** Ends every trajectory and writes what waits. Never rejects. */
  close(): Promise<void>
}

/** Opens a harness log; trajectories that are open at the end of the process are ended there. */
export function openHarness(path: string): Harness {
  const log = openHarnessLog({ path, load: loadHarnessLog })
  const turns = createTurnRecorder({ record: log.record })
  const forgetExit = beforeExit(() => {
    turns.close('exit')
  })
  return {
    turns,
    log,
    close() {
      forgetExit()
      turns.close('close')
      return log.close()
    },
  }
}

async function loadHarnessLog() {
  const { createHarnessLog } = await import('@dynamo-agent/jsonl-sink')
  return createHarnessLog
}

const exitTasks = new Set<() => void>()

/** One listener for all logs: hot reload opens ever new ones, and Node warns of the eleventh. */
function runExitTasks(): void {
  for (const task of exitTasks) task()
}

/** The log writes what waits in its own listener, before which this one has to come. */
function beforeExit(task: () => void): () => void {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  if (exitTasks.size === 0) process?.prependListener?.('exit', runExitTasks)
  exitTasks.add(task)
  return () => {
    exitTasks.delete(task)
    if (exitTasks.size === 0) process?.off?.('exit', runExitTasks)
  }
}
