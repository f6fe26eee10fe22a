// SPDX-License-Identifier: Apache-2.0
import type { OutputStream } from './output.ts'

/** One line that says how far the work is, and goes away. */
export interface Progress {
  readonly show: (text: string) => void
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
    show(text) {
      if (now() < dueMs) return
      dueMs = now() + intervalMs
      shown = true
      stream.write(`\r\u001b[K${text}`)
    },
    end() {
      if (shown) stream.write('\r\u001b[K')
    },
  }
}
