// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'

/** Where Google serves the Perfetto UI. It runs in the browser alone: what it is handed goes nowhere else. */
export const PERFETTO_UI = 'https://ui.perfetto.dev'

/** A Perfetto UI and how it is asked to begin. */
export interface PerfettoUi {
  /** The only one that messages go to and are taken from. */
  readonly origin: string
  /** Where a person finds it. */
  readonly address: string
  /** Address for a frame: without the menus for other files. */
  readonly embeddedAddress: string
  /** Address for a tab of its own. */
  readonly tabAddress: string
}

/** Counters that are pinned where a timeline has them, by the names that the writer gives their tracks. */
const pinnedCounters = ['LLM requests in flight', 'tool calls in flight', 'router queue depth']

/**
 * What a UI is asked for is in the fragment of its address, which no server gets to see.
 *
 * Source: https://perfetto.dev/docs/visualization/embedding-api-reference
 *
 * @param uiUrl Where the UI is served.
 * @param session Id of the session to unfold, if any.
 * @throws DynamoAgentError `DYN_INVALID_OPTION` for anything but an http or https address.
 */
export function describeUi(uiUrl: string, session?: string): PerfettoUi {
  const url = URL.parse(uiUrl)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DynamoAgentError({
      code: 'DYN_INVALID_OPTION',
      message: `${JSON.stringify(uiUrl)} is no address of a Perfetto UI`,
      advice: `Give an http or https address, such as ${PERFETTO_UI}.`,
    })
  }
  const commands = `startupCommands=${encodeURIComponent(JSON.stringify(startupCommands(session)))}`
  const address = `${url.origin}${url.pathname}`
  return {
    origin: url.origin,
    address,
    embeddedAddress: `${address}#!/?mode=embedded&${commands}`,
    tabAddress: `${address}#!/?${commands}`,
  }
}

/**
 * The UI runs these once a trace is open; one that matches no track does
 * nothing. Their ids are among those that Perfetto keeps stable.
 *
 * Source: https://perfetto.dev/docs/visualization/commands-automation-reference
 */
function startupCommands(session: string | undefined) {
  // Trajectories of a session that stays folded show nothing, so it costs nothing to unfold them all.
  const ofSession = session === undefined ? [] : [exactly(`session ${session}`), '^trajectory ']
  return [
    { id: 'dev.perfetto.PinTracksByRegex', args: [exactly(...pinnedCounters)] },
    ...[exactly('Dynamo trace'), ...ofSession].map((pattern) => ({
      id: 'dev.perfetto.ExpandTracksByRegex',
      args: [pattern],
    })),
  ]
}

function exactly(...names: readonly string[]): string {
  return `^(${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})$`
}
