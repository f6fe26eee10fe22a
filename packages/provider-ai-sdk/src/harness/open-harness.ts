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
  const forgetExit = log.beforeExit(() => {
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
