// SPDX-License-Identifier: Apache-2.0
import type { OutputStream } from './output.ts'

/** One line that says how far the work is, and goes away. */
export interface Progress {
  /** @param describe Asked only when the line is due: a trace of a gigabyte has thousands of steps. */
  readonly show: (describe: () => string) => void
  /** Takes the line away. */
  readonly end: () => void
}

export interface ProgressOptions {
  readonly stream: OutputStream
  /** Work that is done sooner shows nothing. @defaultValue 1000 */
  readonly delayMs?: number
  /** Milliseconds of any clock that never goes back. @defaultValue performance.now */
  readonly now?: () => number
}

/** How often the line is rewritten at most. */
const intervalMs = 100

/** A progress line; without a terminal it shows nothing. */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, delayMs = 1000, now = () => performance.now() } = options
  if (stream.isTTY !== true) return { show: () => undefined, end: () => undefined }
  let dueMs = now() + delayMs
  let shown = false
  return {
    show(describe) {
      if (now() < dueMs) return
      dueMs = now() + intervalMs
      shown = true
      stream.write(`\r\u001b[K${describe()}`)
    },
    end() {
      if (shown) stream.write('\r\u001b[K')
    },
  }
}
