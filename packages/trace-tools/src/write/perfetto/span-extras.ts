// SPDX-License-Identifier: Apache-2.0

/*
 * Places of words in which stands what the host adds to a span that is to be
 * drawn; 0 where it adds nothing. What is compiled to WebAssembly reads this
 * file too, so it has nothing in it but constants.
 */

/** Encoded fields: what it is called. */
export const LABEL = 0
/** What the encoder made of its row, and how many bytes. */
export const DETAILS = 1
export const DETAILS_BYTES = 2

/** Of a request: the lanes of its worker, and whether a session ends with it. */
export const LANES = 3
export const IS_FINAL = 4

/** Of a tool call: encoded fields of what no row says, and its name as a mark of a start. */
export const FACTS = 3
export const START_LABEL = 4

export const EXTRA_WORDS = 5
