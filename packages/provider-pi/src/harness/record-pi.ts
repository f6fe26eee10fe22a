// SPDX-License-Identifier: Apache-2.0
import type { PiModelName } from '../pi/harness-events.ts'
import type { PiHost } from '../pi/host.ts'
import { createPiHarness, type PiHarness } from './pi-harness.ts'

/**
 * Records what Pi's events tell of its session. That it begins and ends is for
 * others to tell, who know whether it is theirs.
 *
 * @param path As in `DYN_AGENT_HARNESS_LOG`.
 */
export function recordPi(pi: PiHost, path: string): PiHarness {
  const harness = createPiHarness(path)
  pi.on('before_agent_start', () => harness.recorder?.prompted())
  pi.on('agent_start', () => harness.recorder?.runStarted())
  pi.on('agent_end', () => harness.recorder?.runEnded())
  pi.on('agent_settled', () => harness.recorder?.settled())
  pi.on('turn_start', () => harness.recorder?.turnStarted())
  pi.on('message_end', ({ message }) => harness.recorder?.messageEnded(message))
  pi.on('turn_end', (_event, { signal }) => {
    harness.recorder?.saved()
    harness.recorder?.turnEnded(signal?.aborted ?? false)
  })
  followSaves(pi, harness)
  followCompactions(pi, harness)
  pi.on('model_select', ({ model, previousModel }) => {
    const from = previousModel && nameOf(previousModel)
    harness.recorder?.settingChanged('model', { from, to: nameOf(model) })
  })
  pi.on('thinking_level_select', ({ level, previousLevel }) => {
    harness.recorder?.settingChanged('thinking_level', { from: previousLevel, to: level })
  })
  pi.on('ui_prompt_start', () => harness.recorder?.userAsked())
  pi.on('ui_prompt_end', () => harness.recorder?.userAnswered())
  return harness
}

/** Pi saves a message after it has told that the message is complete, so a save shows with what comes next. */
function followSaves(pi: PiHost, harness: PiHarness): void {
  pi.on('message_start', () => harness.recorder?.saved())
  pi.on('tool_execution_start', () => harness.recorder?.saved())
}

/**
 * A compaction that was aborted or failed is told by Pi from 0.84 on; of an
 * older Pi it is known when it was aborted.
 */
function followCompactions(pi: PiHost, harness: PiHarness): void {
  pi.on('session_before_compact', ({ preparation, reason, signal }) => {
    harness.recorder?.compactionStarted({ reason, tokensBefore: preparation.tokensBefore })
    signal?.addEventListener('abort', () => harness.recorder?.compactionEnded('cancelled', reason), { once: true })
  })
  pi.on('session_compact', ({ reason }) => {
    harness.recorder?.saved()
    harness.recorder?.compactionEnded('succeeded', reason)
  })
  pi.on('session_compact_failed', ({ reason, aborted }) => {
    harness.recorder?.compactionEnded(aborted === true ? 'cancelled' : 'error', reason)
  })
  pi.on('session_tree', () => harness.recorder?.contextReplaced())
}

function nameOf({ provider, id }: PiModelName): string {
  return `${provider}/${id}`
}
