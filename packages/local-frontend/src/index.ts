// SPDX-License-Identifier: Apache-2.0
export { startLocalFrontend } from './local-frontend.ts'
export type {
  FrontendEvent,
  LocalFrontend,
  LocalFrontendCounters,
  LocalFrontendOptions,
  ModelOptions,
  ToolEventOptions,
  TraceOptions,
} from './options.ts'
export type { Generation } from './generation.ts'
export { recordCommand, type RecordCommandOptions, type RecordedCommand } from './record/record-command.ts'
export type { SignalSource } from './record/pass-signals-on.ts'
export { parseScript } from './script/parse-script.ts'
export type { Conversation, ConversationMatch, Script, ScriptedToolCall, ScriptModel, Turn } from './script/script.ts'
export type { EngineOptions } from './engine/engine.ts'
