// SPDX-License-Identifier: Apache-2.0
import type { PiHeaders } from '../pi/host.ts'

const sessionHeader = 'x-dynamo-session-id'
const parentHeader = 'x-dynamo-parent-session-id'

/** Headers that a call has already: those of its model, and its own. */
export interface ExistingHeaders {
  readonly ofModel?: PiHeaders | undefined
  readonly ofCall?: PiHeaders | undefined
}

/**
 * The headers of a call with identity added. What somebody set before, in any
 * letter case, stays, and a null that deletes a header counts as set. A session
 * id of another's choice keeps our parent id out too: together they would tell
 * of a relation that does not exist.
 */
export function addHeaders({ ofModel, ofCall }: ExistingHeaders, added: Readonly<Record<string, string>>): PiHeaders {
  const taken = new Set(Object.keys({ ...ofModel, ...ofCall }).map((name) => name.toLowerCase()))
  if (taken.has(sessionHeader)) taken.add(parentHeader)
  return { ...Object.fromEntries(Object.entries(added).filter(([name]) => !taken.has(name))), ...ofCall }
}
