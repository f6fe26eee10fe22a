// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../format.ts'
import type { Check, ClockSample } from '../examination.ts'
import { fail, ok, skip, type, type Observation } from '../finding.ts'

/** Tool calls drawn so far from their place are drawn at the wrong request. */
const TOLERANCE_MS = 2000
/** The `Date` header has whole seconds, and some servers make it once a second. */
const HEADER_STEP_MS = 1000

/** Whether the clocks of both sides agree: by the trace, by the row of the request, by the `Date` header. */
export const clockCheck: Check = {
  name: 'clock',
  needs: ['frontend', 'authentication'],
  run({ facts }) {
    const { rowClock, headerClock, trace } = facts
    if (trace?.harnessAheadMs !== undefined && Math.abs(trace.harnessAheadMs) >= TOLERANCE_MS) {
      return explain(trace.harnessAheadMs, "in the trace, the agent's clock is")
    }
    const sample = rowClock ?? (headerClock && { ...headerClock, theirsMs: headerClock.theirsMs + HEADER_STEP_MS / 2 })
    if (sample === undefined) return skip('the frontend does not tell the time')
    const aheadMs = leastDifference(sample)
    if (Math.abs(aheadMs) >= TOLERANCE_MS) return explain(aheadMs, "this machine's clock is")
    const precision =
      rowClock === undefined
        ? `${formatDuration(TOLERANCE_MS)} (Date header)`
        : formatDuration(Math.max(1, rowClock.notAfterMs - rowClock.notBeforeMs))
    return ok(`agrees with the frontend's to within ${precision}`)
  },
}

/** How far this machine is ahead, in milliseconds, at the least; 0 when it need not be. */
function leastDifference({ theirsMs, notBeforeMs, notAfterMs }: ClockSample): number {
  if (theirsMs < notBeforeMs) return notBeforeMs - theirsMs
  return theirsMs > notAfterMs ? notAfterMs - theirsMs : 0
}

function explain(aheadMs: number, whose: string): Observation {
  const direction = aheadMs > 0 ? 'ahead of' : 'behind'
  return fail(`${whose} ${formatDuration(Math.abs(aheadMs))} ${direction} the frontend's`, {
    meaning: 'Tool calls carry the time of the agent, requests that of the frontend.',
    cures: [type('On both machines:', 'sudo timedatectl set-ntp true')],
    consequence: 'timelines show tool calls beside the requests that asked for them',
  })
}
