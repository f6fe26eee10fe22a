// SPDX-License-Identifier: Apache-2.0

/**
 * Copies the block hashes of a request to where placeHashes() says.
 *
 * @returns Their bytes; 0 where its row has none.
 */
@external('host', 'copyHashes')
export declare function copyHashes(trajectory: u32, slot: u32, row: u32): u32

/** The request that is told at a place lost its cache. */
@external('host', 'lose')
export declare function lose(span: usize, expectedTokens: f64, isMoved: bool): void
