// SPDX-License-Identifier: Apache-2.0

/**
 * Copies the hashes of the KV blocks of a request to where placeBlocks() says.
 *
 * @returns How many there are.
 */
@external('host', 'copyBlocks')
export declare function copyBlocks(trajectory: u32, slot: u32, row: u32): u32

/** The request that is told at a place lost its cache. */
@external('host', 'lose')
export declare function lose(span: usize, expectedTokens: f64, isMoved: bool): void
