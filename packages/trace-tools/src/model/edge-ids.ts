// SPDX-License-Identifier: Apache-2.0

/** Numbers edges, from 1. */
export class EdgeIds {
  next = 1

  take(): number {
    return this.next++
  }
}
