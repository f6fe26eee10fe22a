// SPDX-License-Identifier: Apache-2.0

// Kinds, flags and columns of rows as src/read/columns.ts has them, as far as they are looked at here.

export const REQUEST_ROW: u8 = 1
export const TOOL_START_ROW: u8 = 2
export const TOOL_ERROR_ROW: u8 = 4

export const FROM_DYNAMO: i32 = 2
export const FROM_HARNESS: i32 = 4
export const HAS_SESSION_FINAL: i32 = 8
export const SESSION_FINAL: i32 = 16
export const HAS_REPLAY: i32 = 32
export const HAS_WORKER: i32 = 64
export const SUCCEEDED: i32 = 128

// Numbers of requests and of tool rows, which share the places behind the event time.
export const EVENT_TIME_MS: i32 = 0
export const RECEIVED_MS: i32 = 1
export const PREFILL_WAIT_MS: i32 = 2
export const PREFILL_MS: i32 = 3
export const TTFT_MS: i32 = 4
export const TOTAL_MS: i32 = 5
export const KV_HIT_RATE: i32 = 7
export const QUEUE_DEPTH: i32 = 9
export const INPUT_TOKENS: i32 = 10
export const OUTPUT_TOKENS: i32 = 11
export const CACHED_TOKENS: i32 = 12
export const PREFILL_DP_RANK: i32 = 13
export const REPLAY_BLOCK_SIZE: i32 = 15
export const REPLAY_INPUT_TOKENS: i32 = 16
export const STARTED_AT_MS: i32 = 1
export const ENDED_AT_MS: i32 = 2
export const DURATION_MS: i32 = 3

/** Bytes of one row's numbers. */
export const NUMBER_BYTES: usize = 17 * 8

// Texts of both, which share the places behind the identity.
export const SESSION_ID: i32 = 0
export const TRAJECTORY_ID: i32 = 1
export const REQUEST_ID: i32 = 5
export const MODEL: i32 = 7
export const PREFILL_WORKER_ID: i32 = 8
export const DECODE_WORKER_ID: i32 = 9
export const FINISH: i32 = 10
export const HASHES: i32 = 11
export const TOOL_CALL_ID: i32 = 5
export const TOOL_CLASS: i32 = 6
export const TOOL_STATUS: i32 = 7

/** Bytes of the places of one row's texts: start and length of each. */
export const TEXT_BYTES: usize = 12 * 8
