// SPDX-License-Identifier: Apache-2.0
import type { PiHost } from '../pi/host.ts'
import type { ModelList } from './model-list.ts'

export interface KeepModelsFreshOptions {
  /** How old a list may be before a prompt has it renewed. @defaultValue 60000 */
  readonly renewMs?: number
  /** How often a Dynamo that lists nothing is asked while a person can choose a model. @defaultValue 5000 */
  readonly retryMs?: number
}

/**
 * Renews the list of models beside Pi's work, which never waits for it: with a
 * prompt when the list is old or missing, and every few seconds while it is
 * missing before a person, so that a Dynamo that starts after Pi is found.
 */
export function keepModelsFresh(pi: PiHost, models: ModelList, options: KeepModelsFreshOptions = {}): void {
  const { renewMs = 60_000, retryMs = 5000 } = options
  let askedMs = performance.now()
  let retries: NodeJS.Timeout | undefined
  const isMissing = () => models.discovery === undefined || models.discovery.models.length === 0
  const renew = () => {
    askedMs = performance.now()
    void models.refresh()
  }
  const stopRetrying = () => {
    clearInterval(retries)
    retries = undefined
  }
  pi.on('session_start', (_event, { hasUI }) => {
    if (!hasUI || !isMissing() || retries !== undefined) return
    retries = setInterval(() => {
      if (isMissing()) renew()
      else stopRetrying()
    }, retryMs).unref()
  })
  pi.on('before_agent_start', () => {
    if (isMissing() || performance.now() - askedMs > renewMs) renew()
  })
  pi.on('session_shutdown', () => {
    stopRetrying()
    models.close()
  })
}
