// SPDX-License-Identifier: Apache-2.0

/*
 * What lanes are for. What is compiled to WebAssembly reads this file too, so
 * it has nothing in it but constants.
 */

export const REQUEST_LANES = 0
export const TOOL_LANES = 1
export const HARNESS_LANES = 2
