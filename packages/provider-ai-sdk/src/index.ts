// SPDX-License-Identifier: Apache-2.0
export { withAgentSession, type AgentSession } from './context/agent-session.ts'
export { createDynamo, dynamo, type DynamoProvider } from './provider/create-dynamo.ts'
export type { DynamoProviderSettings } from './provider/settings.ts'
export type { DynamoLanguageModelOptions } from './provider/call-options.ts'
export type { DynamoHints } from './provider/hints.ts'
export type { DynamoProviderMetadata } from './provider/provider-metadata.ts'
export { VERSION } from './version.ts'
