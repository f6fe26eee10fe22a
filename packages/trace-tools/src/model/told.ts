// SPDX-License-Identifier: Apache-2.0

/*
 * Places of doubles in which a settled span is told. What is compiled to
 * WebAssembly reads this file too, so it has nothing in it but constants.
 */

export const SLOT = 0
export const ROW = 1
export const TRAJECTORY = 2
export const START_MS = 3
export const END_MS = 4

/** Of a request. */
export const WAIT_END_MS = 5
export const PREFILL_END_MS = 6
export const DECODE_START_MS = 7
export const RESULTS = 8
export const SPAWN_KIND = 9
export const SPAWN_EDGE = 10
export const SPAWN_PROVENANCE = 11
export const SPAWN_PARENT = 12
export const SPAWN_FROM_MS = 13
export const SPAWN_CALL = 14
/** When the request begins that comes after the one that asked for calls. */
export const NEXT_START_MS = 15

/** Of a tool call. */
export const TIMING = 5
export const IS_FAILED = 6
export const EDGE = 7
export const IS_TWOFOLD = 8
export const ASKED = 9
export const ASKED_CALL = 10
export const START = 11
export const SPAWNS = 12

/** From here on the results that a request got stand one after the other. */
export const FIRST_RESULT = 16
export const RESULT_EDGE = 0
export const RESULT_START_MS = 1
export const RESULT_END_MS = 2
export const RESULT_IS_ASKED = 3
export const RESULT_PLACES = 4

/** Results of one request at most. */
export const MAX_RESULTS = 1024

export const NO_SPAWN = 0
export const SPAWN_BY_TOOL = 1
export const SPAWN_BY_PAST_REQUEST = 2
export const SPAWN_BY_PAST_TOOL = 3

export const MEASURED = 0
export const PAIRED = 1
export const INFERRED = 2
export const UNENDED = 3

export const PROVENANCE_MEASURED = 0
export const PROVENANCE_DERIVED = 1
export const PROVENANCE_INFERRED = 2
