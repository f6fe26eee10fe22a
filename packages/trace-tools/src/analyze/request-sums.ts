// SPDX-License-Identifier: Apache-2.0

/*
 * Places of sums over all requests. What is compiled to WebAssembly reads this
 * file too, so it has nothing in it but constants.
 */

export const REQUESTS = 0
/** Those that named no session. */
export const UNATTRIBUTED = 1
/** Tokens. */
export const INPUT = 2
export const OUTPUT = 3
export const CACHED = 4
/** Of the requests that tell both of input and cached tokens. */
export const MEASURED_INPUT = 5
export const MEASURED_CACHED = 6
export const SUMS = 7
