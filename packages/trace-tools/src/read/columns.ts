// SPDX-License-Identifier: Apache-2.0

/** What a row is; 0 stands for none. */
export const rowKind = { request: 1, toolStart: 2, toolEnd: 3, toolError: 4 } as const

/** What a row says in a few bits. */
export const rowFlag = {
  /** Written by Dynamo 1.2 or a build before it (`dynamo.agent.trace.v1`). */
  agentTrace: 1,
  fromDynamo: 2,
  fromHarness: 4,
  /** The row tells whether its trajectory is over. */
  hasSessionFinal: 8,
  sessionFinal: 16,
  /** The request has `replay`, though perhaps without hashes. */
  hasReplay: 32,
  /** The request has a `worker` object. */
  hasWorker: 64,
  /** The tool row says that its call succeeded, as most do. */
  succeeded: 128,
} as const

/**
 * Columns of numbers; what a row does not say is NaN. Requests and tool rows
 * share the places behind the event time.
 */
export const requestNumber = {
  eventTimeMs: 0,
  receivedMs: 1,
  prefillWaitMs: 2,
  prefillMs: 3,
  ttftMs: 4,
  totalMs: 5,
  avgItlMs: 6,
  kvHitRate: 7,
  kvTransferEstimatedLatencyMs: 8,
  queueDepth: 9,
  inputTokens: 10,
  outputTokens: 11,
  cachedTokens: 12,
  prefillDpRank: 13,
  decodeDpRank: 14,
  replayBlockSize: 15,
  replayInputTokens: 16,
} as const

export const toolNumber = {
  eventTimeMs: 0,
  startedAtMs: 1,
  endedAtMs: 2,
  durationMs: 3,
  outputTokens: 4,
  outputBytes: 5,
} as const

/** Numbers of one row. */
export const NUMBER_COLUMNS = 17

/**
 * Columns of texts; requests and tool rows share the places behind the
 * identity. Texts are UTF-8 without JSON escapes.
 */
export const identityText = {
  /** Dynamo 1.2 only: the run. From 1.3 on a row names its trajectory and that one's parent. */
  sessionId: 0,
  /** Absent on rows without identity. */
  trajectoryId: 1,
  parentTrajectoryId: 2,
  sessionTypeId: 3,
  inputTrigger: 4,
} as const

export const requestText = {
  requestId: 5,
  xRequestId: 6,
  model: 7,
  /** Decimal digits of a u64. */
  prefillWorkerId: 8,
  decodeWorkerId: 9,
  /** `finish_reason_metadata`, as JSON. */
  finish: 10,
  /** What stands between the brackets of `input_sequence_hashes`: decimal u64, comma-separated, blanks possible. */
  hashes: 11,
} as const

export const toolText = {
  toolCallId: 5,
  toolClass: 6,
  /** As the row spells it, or as core spells it; see normalizeToolStatus. */
  status: 7,
  toolNameHash: 8,
  errorType: 9,
} as const

/** Texts of one row. */
export const TEXT_COLUMNS = 12
