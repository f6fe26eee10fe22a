// SPDX-License-Identifier: Apache-2.0

/** The parts of the AI SDK's events that are read here; ai@6 and ai@7 are told apart by their names. */

export interface SdkToolCall {
  readonly toolCallId: string
  readonly toolName: string
}

/** ai@7, as an integration and the tracing channel get it. */
export interface ToolExecutionStart {
  /** One generateText or streamText, with all its steps and retries. */
  readonly callId: string
  readonly toolCall: SdkToolCall
}

/** ai@7. */
export interface ToolExecutionEnd extends ToolExecutionStart {
  readonly toolOutput: ToolOutput
}

/** ai@7. With `recordOutputs: false`, output and error are hidden and only the type tells how the call ended. */
export interface ToolOutput {
  readonly type: string
  readonly output?: unknown
  readonly error?: unknown
}

/** ai@7. */
export interface ToolExecution<Result> {
  readonly callId: string
  readonly toolCallId: string
  readonly toolCall?: SdkToolCall | undefined
  readonly execute: () => PromiseLike<Result>
}

/** ai@6, which gives its start and its finish one and the same `toolCall`. */
export interface ToolCallStart {
  readonly toolCall: SdkToolCall
}

/** ai@6. */
export interface ToolCallFinish extends ToolCallStart {
  readonly success: boolean
  readonly output?: unknown
  readonly error?: unknown
}

/** ai@7 gives it a `callId`, ai@6 does not. */
export interface OperationStart {
  readonly callId?: string | undefined
  readonly maxRetries?: number | undefined
}

/** ai@7 gives it a `callId`, ai@6 does not. */
export interface StepStart {
  readonly stepNumber: number
  readonly callId?: string | undefined
}

/** A step and its tools are over. ai@7 gives it a `callId`, ai@6 does not. */
export interface StepFinish extends StepStart {
  readonly providerMetadata?: Readonly<Record<string, object>> | undefined
}

/** ai@7: what `ai:telemetry` publishes; the same object from a span's start to its end. */
export interface ChannelMessage {
  readonly type: string
  readonly event: unknown
  /** Absent with `recordInputs: false` or `recordOutputs: false`. */
  readonly result?: unknown
  readonly error?: unknown
}
