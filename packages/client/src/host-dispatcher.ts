// SPDX-License-Identifier: Apache-2.0

/** Where Node's own fetch, and undici up to 7, look for the dispatcher of a process. */
const key = Symbol.for('undici.globalDispatcher.1')
const before: unknown = Reflect.get(globalThis, key)

/** Puts back the dispatcher that stood there when this module was loaded. */
export function restoreHostDispatcher(): void {
  Reflect.set(globalThis, key, before)
}
