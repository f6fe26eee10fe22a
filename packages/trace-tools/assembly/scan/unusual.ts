// SPDX-License-Identifier: Apache-2.0

/**
 * Returned instead of a place by functions that meet something that is left to
 * core's parser: an escape, damage, a wrong type. No text stands at 0.
 */
export const UNUSUAL: usize = 0
