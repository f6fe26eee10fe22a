// SPDX-License-Identifier: Apache-2.0
import { openHarnessLog, type OpenedHarnessLog, type OpenHarnessLogOptions } from '@dynamo-agent/core'

/** Opens a harness log whose code is loaded with the first session that has one. */
export function openLog(path: string, load: OpenHarnessLogOptions['load'] = loadHarnessLog): OpenedHarnessLog {
  return openHarnessLog({ path, load })
}

async function loadHarnessLog() {
  const { createHarnessLog } = await import('@dynamo-agent/jsonl-sink')
  return createHarnessLog
}
