// SPDX-License-Identifier: Apache-2.0

/*
 * What became of the cache that the turn before a request left. What is
 * compiled to WebAssembly reads this file too, so it has nothing in it but
 * constants.
 */

/** It was used, or nothing tells. */
export const KEPT = 0
/** Blocks were evicted, or nothing tells why it is lost. */
export const LOST = 1
/** The request went to another worker. */
export const LOST_BY_MOVING = 2
