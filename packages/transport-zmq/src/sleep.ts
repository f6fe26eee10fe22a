// SPDX-License-Identifier: Apache-2.0

const cell = new Int32Array(new SharedArrayBuffer(4))

/** Stops this thread, event loop and all; only for the last turn of a process and for fractions of a millisecond. */
export function sleep(durationMs: number): void {
  Atomics.wait(cell, 0, 0, durationMs)
}
