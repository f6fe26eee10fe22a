// SPDX-License-Identifier: Apache-2.0

/*
 * Places of doubles in which a settled span is told. What is compiled to
 * WebAssembly reads this file too, so it has nothing in it but constants.
 */

/** How many doubles the span takes in all: the next one follows. */
export const LENGTH = 0
export const KIND = 1
export const SLOT = 2
export const ROW = 3
export const TRAJECTORY = 4
/** Its rows name no identity, and have nothing to do with each other. */
export const IS_CONTEXT_FREE = 5
export const START_MS = 6
export const END_MS = 7

export const REQUEST = 0
export const TOOL_CALL = 1

/** Of a request. */
export const WAIT_END_MS = 8
export const PREFILL_END_MS = 9
export const DECODE_START_MS = 10
export const SPAWN_KIND = 11
export const SPAWN_EDGE = 12
export const SPAWN_PROVENANCE = 13
export const SPAWN_PARENT = 14
export const SPAWN_FROM_MS = 15
export const SPAWN_CALL = 16
/** As its row says them; NaN where it does not. */
export const QUEUE_DEPTH = 17
export const INPUT_TOKENS = 18
export const OUTPUT_TOKENS = 19
export const CACHED_TOKENS = 20
export const KV_HIT_RATE = 21
export const BLOCK_SIZE = 22
/** A hash of the workers that served it; 0 where its row does not say. */
export const WORKERS = 23
/** How many results it got: they stand behind, one after the other. */
export const RESULTS = 24
export const FIRST_RESULT = 25

export const RESULT_EDGE = 0
export const RESULT_START_MS = 1
export const RESULT_END_MS = 2
export const RESULT_IS_ASKED = 3
export const RESULT_PLACES = 4

/** Results of one request at most. */
export const MAX_RESULTS = 1024

/** Of a tool call. */
export const TIMING = 8
export const IS_FAILED = 9
export const EDGE = 10
export const IS_TWOFOLD = 11
export const ASKED = 12
export const ASKED_CALL = 13
export const START = 14
/** How many trajectories it started: the edges to them stand behind. */
export const SPAWNS = 15
/** Of a call that comes as unended after it came as inferred: how many of those it came with then, which stand first. */
export const SPAWNS_BEFORE = 16
export const FIRST_SPAWN = 17

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
