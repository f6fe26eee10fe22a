// SPDX-License-Identifier: Apache-2.0
import { openForAppend, openForAppendSync, probeFile } from './file-system.ts'
import type { OutputFiles } from './output-files.ts'

/** Dynamo's `jsonl`: the path as given, appended to over restarts, never rolled. */
export function createLiteralFile(path: string): OutputFiles {
  // A failed write may have left part of a row behind; a line feed keeps it
  // from spoiling the row that comes next.
  let lastRowBroken = false

  const encodeSync = (rows: readonly string[]) => Buffer.from(`${lastRowBroken ? '\n' : ''}${rows.join('\n')}\n`)

  return {
    admit: () => true,
    next(broken) {
      lastRowBroken ||= broken
    },
    encode: (rows) => Promise.resolve(encodeSync(rows)),
    encodeSync,
    async open() {
      const fd = await openForAppend(path, 'a')
      lastRowBroken = false
      return { fd, path }
    },
    openSync() {
      const fd = openForAppendSync(path, 'a')
      lastRowBroken = false
      return { fd, path }
    },
    probe: () => probeFile(path),
  }
}
