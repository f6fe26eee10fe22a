// SPDX-License-Identifier: Apache-2.0

/** The name and version that every row of a harness log carries. */
export const HARNESS_SCHEMA = 'dynamo.agent.harness.v1'

/**
 * One row of a harness log: what only the harness knows of a run. Sizes,
 * counts, durations, ids and names, never a text that somebody wrote, be it a
 * prompt, an answer, a path or the message of an error.
 *
 * Rows join Dynamo's by trajectory; on Dynamo 1.3 and later, the trajectory
 * id is what a trace calls `session_id`.
 */
export type HarnessRecord =
  | SessionStartRecord
  | TurnEndRecord
  | RequestErrorRecord
  | CompactionRecord
  | CheckpointRecord
  | SettingChangeRecord
  | UserWaitRecord
  | SessionEndRecord

export type HarnessEventType = HarnessRecord['type']

/** Whose row it is; an AgentContext fits. */
export interface HarnessIdentity {
  readonly sessionId: string
  readonly trajectoryId: string
  readonly parentTrajectoryId?: string
  readonly sessionTypeId?: string
}

interface HarnessRecordBase {
  /** Epoch milliseconds; of what took time, its end. */
  readonly eventTimeMs: number
  /** The harness: `pi`, `ai-sdk`. */
  readonly source: string
  readonly identity: HarnessIdentity
}

/** The trajectory begins in this process. */
export interface SessionStartRecord extends HarnessRecordBase {
  readonly type: 'session_start'
  readonly session: SessionStart
}

/** The model has answered, and every tool that it called has. */
export interface TurnEndRecord extends HarnessRecordBase {
  readonly type: 'turn_end'
  readonly turn: Turn
}

/** A request failed, be it tried again or not. */
export interface RequestErrorRecord extends HarnessRecordBase {
  readonly type: 'request_error'
  readonly error: RequestError
}

/** The context was made smaller. */
export interface CompactionRecord extends HarnessRecordBase {
  readonly type: 'compaction'
  readonly compaction: Compaction
}

/** The harness saved the trajectory. */
export interface CheckpointRecord extends HarnessRecordBase {
  readonly type: 'checkpoint'
  readonly checkpoint: Checkpoint
}

/** From here on, another model or thinking level. */
export interface SettingChangeRecord extends HarnessRecordBase {
  readonly type: 'setting_change'
  readonly change: SettingChange
}

/** The agent waited for a person. */
export interface UserWaitRecord extends HarnessRecordBase {
  readonly type: 'user_wait'
  readonly wait: UserWait
}

/** The trajectory is over in this process. */
export interface SessionEndRecord extends HarnessRecordBase {
  readonly type: 'session_end'
  readonly session: SessionEnd
}

/** How a turn or a compaction ended; what somebody aborted is cancelled and no error. */
export type HarnessOutcome = 'succeeded' | 'error' | 'cancelled'

export interface SessionStart {
  /** In the harness's words, such as `startup`, `new`, `resume`, `fork` or `reload`. */
  readonly reason: string
}

export interface Turn {
  /** 0 for the first turn of the trajectory in this process. */
  readonly turnIndex: number
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  readonly provider: string
  readonly model: string
  /** The `x-request-id` that the turn's last request went with. */
  readonly requestId?: string
  readonly outcome: HarnessOutcome
  /** Tools that the model called in this turn. */
  readonly toolCalls?: number
  /** What the model was given: the messages that stood before this turn. */
  readonly context: ContextSize
  /** The context against that of the turn before; below 0 after a compaction. Absent on the first. */
  readonly growth?: ContextSize
  readonly usage?: TokenUsage
}

export interface ContextSize {
  readonly messages: number
  /** UTF-8 bytes of all messages, as near to what is sent as the harness can tell. */
  readonly bytes: number
  /** As the harness counts or estimates them. */
  readonly tokens?: number
}

/** What the provider charged for; absent is what it did not tell. */
export interface TokenUsage {
  /** Cached tokens included. */
  readonly inputTokens?: number
  readonly outputTokens?: number
  /** Input tokens that were read from a cache. */
  readonly cachedTokens?: number
  /** US dollars. */
  readonly costUsd?: number
}

export interface RequestError {
  readonly provider: string
  readonly model: string
  /** The `x-request-id` that the request went with. */
  readonly requestId?: string
  /** HTTP status; absent where no answer came. */
  readonly status?: number
  /** A class or code such as `ECONNREFUSED` or `rate_limit`, never a message. */
  readonly errorType?: string
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly willRetry: boolean
  /** Milliseconds until the next attempt. */
  readonly delayMs?: number
}

export interface Compaction {
  /** In the harness's words, such as `manual`, `threshold` or `overflow`. */
  readonly reason: string
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  readonly tokensBefore: number
  readonly tokensAfter?: number
  readonly messagesBefore?: number
  readonly messagesAfter?: number
  readonly outcome: HarnessOutcome
}

export interface Checkpoint {
  /** Bytes that this checkpoint wrote. */
  readonly bytes: number
  /** Bytes that the saved trajectory has now. */
  readonly totalBytes: number
}

export interface SettingChange {
  readonly setting: 'model' | 'thinking_level'
  /** For a model `provider/model`. Absent on the first choice. */
  readonly from?: string
  readonly to: string
}

export interface UserWait {
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
}

/** What the trajectory did in this process. */
export interface SessionEnd {
  /** In the harness's words, such as `quit`, `new` or `signal`. */
  readonly reason: string
  readonly durationMs: number
  readonly turns: number
  readonly toolCalls: number
  readonly requestErrors?: number
  readonly compactions?: number
}
