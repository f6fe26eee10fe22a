// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeSync } from 'node:fs'
import process from 'node:process'
import { isMainThread } from 'node:worker_threads'

/** The file descriptor that the process which measures reads from. */
const REPORT = 3

// Preloaded into a process, this tells at its end how much memory it needed at
// most. Worker threads preload it too, and count as a part of the process. It
// is JavaScript because what strips types takes 40 MB.
if (isMainThread) process.on('exit', () => writeSync(REPORT, String(readPeakBytes())))

/**
 * Linux has a mark for each memory map. What getrusage gives instead holds the
 * peak of the process from which this one was forked too.
 */
function readPeakBytes() {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {
    // Another system.
  }
  return process.resourceUsage().maxRSS * 1024
}
