// SPDX-License-Identifier: Apache-2.0

const sessionHeader = 'x-dynamo-session-id'
const parentHeader = 'x-dynamo-parent-session-id'

/**
 * The headers of an identity that a request still lacks. What somebody set
 * before, in any letter case, stays. A session id of another's choice keeps
 * our parent id out too: together they would tell of a relation that does not
 * exist.
 *
 * @param taken Names of the headers that are set, or shall not be.
 */
export function headersToAdd(
  identity: Readonly<Record<string, string>>,
  taken: Iterable<string>,
): Readonly<Record<string, string>> {
  const names = new Set([...taken].map((name) => name.toLowerCase()))
  if (names.has(sessionHeader)) names.add(parentHeader)
  return Object.fromEntries(Object.entries(identity).filter(([name]) => !names.has(name)))
}
