// SPDX-License-Identifier: Apache-2.0
export {
  createAgentContext,
  DEFAULT_SESSION_TYPE_ID,
  repairAgentContext,
  type AgentContext,
  type AgentContextField,
  type AgentContextInput,
  type IdentityRepair,
} from './context/agent-context.ts'
export { findIdProblem, MAX_ID_BYTES, toSafeId, type IdProblem } from './context/identifier.ts'
export {
  agentContextStorage,
  bindAgentContext,
  bindAgentContextToIterable,
  currentAgentContext,
  withAgentContext,
} from './context/current.ts'
export {
  contextFromEnvironment,
  contextFromWorkerData,
  contextToEnvironment,
  contextToWorkerData,
  type Environment,
} from './context/handoff.ts'
export { CALLERS_VARIABLE, encodeCallers, readCallers, type Caller, type Callers } from './context/callers.ts'
export { createSubagentContext } from './context/subagent.ts'
export { processWide } from './process-wide.ts'
export {
  encodeAgentHints,
  mergeAgentHints,
  type AgentHintLayer,
  type AgentHints,
  type WireAgentHints,
} from './hints/agent-hints.ts'
export { createHintPolicy, type ExplainedHints, type HintPolicy, type HintPolicyOptions } from './hints/hint-policy.ts'
export { createOutputLengthLearner, type OutputLengthLearner } from './hints/output-length.ts'
export {
  decidePriority,
  parsePriorityPolicy,
  type PriorityDecision,
  type PriorityPolicy,
  type PrioritySituation,
} from './hints/priority-policy.ts'
export { createToolDurationLearner, type ToolDurationLearner } from './hints/tool-duration.ts'
export type {
  Dialect,
  DialectName,
  RequestIdentity,
  ToolEventVerdict,
  WireToolEvent,
} from './dialect/dialect.ts'
export { WireFloat } from './dialect/wire-float.ts'
export { agentContextBodyDialect } from './dialect/agent-context-body.ts'
export { sessionHeadersDialect } from './dialect/session-headers.ts'
export { dialects } from './dialect/dialects.ts'
export { refusesBodyKey, withoutRefusedKeys } from './dialect/body-keys.ts'
export type {
  FinishChoice,
  FinishMetadata,
  FinishToolCall,
  RecordIdentity,
  ReplayInput,
  RequestMetrics,
  RequestRecord,
  ToolRecord,
  TraceRecord,
  TraceSchema,
  WorkerPlacement,
} from './trace/record.ts'
export { parseExactJson, stringifyExactJson } from './trace/exact-json.ts'
export { decodeHashes } from './trace/hashes.ts'
export {
  parseTraceLine,
  readTraceRow,
  type ParsedLine,
  type SkipReason,
} from './trace/parse-record.ts'
export { normalizeToolStatus } from './trace/read-tool-call.ts'
export {
  HARNESS_SCHEMA,
  type Checkpoint,
  type CheckpointRecord,
  type Compaction,
  type CompactionRecord,
  type ContextSize,
  type HarnessEventType,
  type HarnessIdentity,
  type HarnessOutcome,
  type HarnessRecord,
  type RequestError,
  type RequestErrorRecord,
  type SessionEnd,
  type SessionEndRecord,
  type SessionStart,
  type SessionStartRecord,
  type SettingChange,
  type SettingChangeRecord,
  type TokenUsage,
  type Turn,
  type TurnEndRecord,
  type UserWait,
  type UserWaitRecord,
} from './harness/harness-record.ts'
export { encodeHarnessRecord } from './harness/harness-wire.ts'
export { growthOf } from './harness/growth.ts'
export {
  openHarnessLog,
  type HarnessLogSink,
  type HarnessLogStatus,
  type OpenedHarnessLog,
  type OpenHarnessLogOptions,
} from './harness/open-harness-log.ts'
export type { ToolCall, ToolEvent, ToolEventType, ToolStatus } from './tool/tool-event.ts'
export { textBytes } from './tool/text-bytes.ts'
export { openToolEvents, type ToolEvents, type ToolEventsCounters, type ToolEventSink, type ToolEventsOptions } from './tool/tool-events.ts'
export {
  createToolTracker,
  type StartedToolCall,
  type ToolOutcome,
  type ToolTracker,
  type ToolTrackerCounters,
  type ToolTrackerOptions,
} from './tool/tool-tracker.ts'
export {
  connectableEndpoint,
  DEFAULT_API_KEY,
  DEFAULT_BASE_URL,
  DEFAULT_TOOL_EVENT_QUEUE_CAPACITY,
  DEFAULT_TOOL_EVENT_TOPIC,
  environmentVariables,
  normalizeBaseUrl,
  readEnvironment,
  type EnvironmentProblem,
  type EnvironmentSettings,
  type EnvironmentVariable,
  type EnvironmentVariableName,
} from './environment.ts'
export { DynamoAgentError, type DynamoAgentErrorOptions, type ErrorCode } from './errors.ts'
