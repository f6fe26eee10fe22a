// SPDX-License-Identifier: Apache-2.0
export {
  registerDynamo,
  type DynamoRegistration,
  type DynamoRegistrationCounters,
  type RegisterDynamoOptions,
} from './register.ts'
export { dynamoTelemetry } from './attach.ts'
export type { TelemetryIntegration } from './integration.ts'
export type {
  SdkToolCall,
  ToolCallFinish,
  ToolCallStart,
  ToolExecution,
  ToolExecutionEnd,
  ToolExecutionStart,
  ToolOutput,
} from './sdk-events.ts'
export { wrapTools } from './wrap-tools.ts'
