// SPDX-License-Identifier: Apache-2.0

/**
 * Describes the next lane of a set, and adds it with addLane().
 *
 * @param kind What its lanes are for, see src/write/perfetto/lane-kinds.ts.
 * @param low The halves of the track that it hangs on.
 * @param number How many lanes it has already.
 */
@external('host', 'describeLane')
export declare function describeLane(set: usize, kind: u32, low: u32, high: u32, number: u32): void
