// SPDX-License-Identifier: Apache-2.0
import { releases, type Release } from '@dynamo-agent/real-dynamo'

/** One value for each release: a row of a table of differences. */
export type ByRelease<Value> = Readonly<Record<Release, Value>>

/**
 * A row told by its changes: what the first release does, then what each
 * release that differs from the one before it does from there on.
 */
export function since<Value>(
  first: Value,
  changes: Partial<Record<Exclude<Release, '1.2.1'>, Value>> = {},
): ByRelease<Value> {
  let current = first
  const row = releases.map((release) => {
    if (release !== '1.2.1' && release in changes) current = changes[release] as Value
    return [release, current] as const
  })
  return Object.fromEntries(row) as Record<Release, Value>
}

/** A row in which each release has a value of its own. */
export function byRelease<Value>(valueOf: (release: Release) => Value): ByRelease<Value> {
  return Object.fromEntries(releases.map((release) => [release, valueOf(release)])) as Record<Release, Value>
}
