// SPDX-License-Identifier: Apache-2.0
import type {
  FinishMetadata,
  RecordIdentity,
  RequestMetrics,
  ToolCall,
  TraceRecord,
} from '@dynamo-agent/core'
import { identityText, requestNumber, requestText, rowFlag, rowKind, toolNumber, toolText } from '../columns.ts'
import type { RowColumns } from './row-columns.ts'

const kinds = {
  request_end: rowKind.request,
  tool_start: rowKind.toolStart,
  tool_end: rowKind.toolEnd,
  tool_error: rowKind.toolError,
} as const

/** Puts a record that core's parser read into the row that is filled at the moment. */
export function writeRecord(columns: RowColumns, record: TraceRecord): void {
  columns.setKind(kinds[record.type], flagsOf(record))
  columns.setNumber(requestNumber.eventTimeMs, record.eventTimeMs)
  if (record.identity !== undefined) writeIdentity(columns, record.identity)
  if (record.type === 'request_end') writeRequest(columns, record.request)
  else writeTool(columns, record.tool)
}

function flagsOf(record: TraceRecord): number {
  const { schema, source, identity } = record
  return (
    (schema === 'dynamo.agent.trace.v1' ? rowFlag.agentTrace : 0) |
    (source === 'dynamo' ? rowFlag.fromDynamo : 0) |
    (source === 'harness' ? rowFlag.fromHarness : 0) |
    (identity?.sessionFinal === undefined ? 0 : rowFlag.hasSessionFinal) |
    (identity?.sessionFinal === true ? rowFlag.sessionFinal : 0) |
    (record.type === 'request_end' && record.request.replay !== undefined ? rowFlag.hasReplay : 0) |
    (record.type === 'request_end' && record.request.worker !== undefined ? rowFlag.hasWorker : 0) |
    (record.type !== 'request_end' && record.tool.status === 'succeeded' ? rowFlag.succeeded : 0)
  )
}

function writeIdentity(columns: RowColumns, identity: RecordIdentity): void {
  writeText(columns, identityText.sessionId, identity.sessionId)
  writeText(columns, identityText.trajectoryId, identity.trajectoryId)
  writeText(columns, identityText.parentTrajectoryId, identity.parentTrajectoryId)
  writeText(columns, identityText.sessionTypeId, identity.sessionTypeId)
  writeText(columns, identityText.inputTrigger, identity.inputTrigger)
}

function writeRequest(columns: RowColumns, request: RequestMetrics): void {
  const { worker, replay, finish } = request
  writeText(columns, requestText.requestId, request.requestId)
  writeText(columns, requestText.xRequestId, request.xRequestId)
  writeText(columns, requestText.model, request.model)
  writeNumber(columns, requestNumber.receivedMs, request.receivedMs)
  writeNumber(columns, requestNumber.prefillWaitMs, request.prefillWaitMs)
  writeNumber(columns, requestNumber.prefillMs, request.prefillMs)
  writeNumber(columns, requestNumber.ttftMs, request.ttftMs)
  writeNumber(columns, requestNumber.totalMs, request.totalMs)
  writeNumber(columns, requestNumber.avgItlMs, request.avgItlMs)
  writeNumber(columns, requestNumber.kvHitRate, request.kvHitRate)
  writeNumber(columns, requestNumber.kvTransferEstimatedLatencyMs, request.kvTransferEstimatedLatencyMs)
  writeNumber(columns, requestNumber.queueDepth, request.queueDepth)
  writeNumber(columns, requestNumber.inputTokens, request.inputTokens)
  writeNumber(columns, requestNumber.outputTokens, request.outputTokens)
  writeNumber(columns, requestNumber.cachedTokens, request.cachedTokens)
  writeNumber(columns, requestNumber.prefillDpRank, worker?.prefillDpRank)
  writeNumber(columns, requestNumber.decodeDpRank, worker?.decodeDpRank)
  writeNumber(columns, requestNumber.replayBlockSize, replay?.blockSize)
  writeNumber(columns, requestNumber.replayInputTokens, replay?.inputTokens)
  writeText(columns, requestText.prefillWorkerId, worker?.prefillWorkerId?.toString())
  writeText(columns, requestText.decodeWorkerId, worker?.decodeWorkerId?.toString())
  writeText(columns, requestText.hashes, replay?.hashText)
  writeText(columns, requestText.finish, finish && finishText(finish))
}

function writeTool(columns: RowColumns, tool: ToolCall): void {
  writeText(columns, toolText.toolCallId, tool.toolCallId)
  writeText(columns, toolText.toolClass, tool.toolClass)
  writeText(columns, toolText.status, tool.status)
  writeText(columns, toolText.toolNameHash, tool.toolNameHash)
  writeText(columns, toolText.errorType, tool.errorType)
  writeNumber(columns, toolNumber.startedAtMs, tool.startedAtMs)
  writeNumber(columns, toolNumber.endedAtMs, tool.endedAtMs)
  writeNumber(columns, toolNumber.durationMs, tool.durationMs)
  writeNumber(columns, toolNumber.outputTokens, tool.outputTokens)
  writeNumber(columns, toolNumber.outputBytes, tool.outputBytes)
}

function writeNumber(columns: RowColumns, column: number, value: number | undefined): void {
  if (value !== undefined) columns.setNumber(column, value)
}

function writeText(columns: RowColumns, column: number, value: string | undefined): void {
  if (value !== undefined) columns.addText(column, value)
}

/** finish_reason_metadata as a row has it. */
function finishText({ finishReason, backendFinishReason, stopReason, toolCalls, choices }: FinishMetadata): string {
  return JSON.stringify(
    {
      finish_reason: finishReason,
      backend_finish_reason: backendFinishReason,
      stop_reason: stopReason,
      tool_calls: unlessEmpty(
        toolCalls.map(({ choiceIndex, toolCallIndex, id, name }) => ({
          choice_index: choiceIndex,
          tool_call_index: toolCallIndex,
          id,
          name,
        })),
      ),
      choices: unlessEmpty(
        choices.map((choice) => ({
          choice_index: choice.choiceIndex,
          finish_reason: choice.finishReason,
          backend_finish_reason: choice.backendFinishReason,
          stop_reason: choice.stopReason,
        })),
      ),
    },
    (_key, value: unknown) => (Object.is(value, -0) ? minusZero : value),
  )
}

/** JSON.stringify takes its sign away. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown }
const minusZero = rawJSON('-0')

/** Dynamo leaves empty lists out. */
function unlessEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined
}
