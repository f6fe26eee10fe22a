// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint } from '@dynamo-agent/core'
import { statSync } from 'node:fs'

/** The file that Pi saves a session in. */
export interface SessionFile {
  /** What has been written since it was last looked at; undefined when nothing was. */
  look(): Checkpoint | undefined
}

/**
 * Pi appends to it itself and waits for that, on the path where this is
 * called: asking for its size costs a few microseconds more. What stood there
 * before is no checkpoint of this process.
 *
 * @param path undefined where Pi keeps no file.
 */
export function followSessionFile(path: string | undefined): SessionFile {
  let size = sizeOf(path)
  return {
    look() {
      const totalBytes = sizeOf(path)
      const bytes = totalBytes - size
      size = totalBytes
      return bytes > 0 ? { bytes, totalBytes } : undefined
    },
  }
}

function sizeOf(path: string | undefined): number {
  if (path === undefined) return 0
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    return 0
  }
}
