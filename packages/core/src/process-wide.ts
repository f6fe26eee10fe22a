// SPDX-License-Identifier: Apache-2.0

/**
 * The one value that a process has under a key of the global symbol registry.
 *
 * Bundlers, hot reload and hosts such as Pi make several copies of a module in
 * one process, of different versions perhaps. What all of them have to share
 * hangs on `globalThis`, not on a module.
 *
 * @param key From `Symbol.for`.
 * @param make Called by the copy that comes first.
 */
export function processWide<Value extends object>(key: symbol, make: () => Value): Value {
  const holder = globalThis as unknown as Record<symbol, Value | undefined>
  return (holder[key] ??= make())
}
