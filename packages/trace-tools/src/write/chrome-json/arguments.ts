// SPDX-License-Identifier: Apache-2.0
import type { FinishMetadata } from '@dynamo-agent/core'
import type { Request, Session, StageName, ToolSpan, Trajectory } from '../../model/trace-model.ts'
import { requestFields, toolFields, type FieldGroup } from '../record-fields.ts'

/** What JSON can carry: a u64 goes as text, because readers put numbers into doubles. */
export type Arguments = Readonly<Record<string, unknown>>

/**
 * Who asked, under the names of the rows' own generation, as the converters
 * that ship with Dynamo have it: from 1.3 on `session_id` is the trajectory.
 */
export function identityArguments(session: Session, trajectory: Trajectory): Arguments {
  if (session.id === undefined) return {}
  if (session.sessionTypeId === undefined) {
    return { session_id: trajectory.id, parent_session_id: trajectory.parentId }
  }
  return {
    session_type_id: session.sessionTypeId,
    session_id: session.id,
    trajectory_id: trajectory.id,
    parent_trajectory_id: trajectory.parentId,
  }
}

export function requestArguments(request: Request): Arguments {
  const { finish } = request.record.request
  return { ...flatten(requestFields, request), ...(finish && { finish_reason_metadata: describeFinish(finish) }) }
}

/** What each stage repeats of its request, absent values as null. */
export function stageArguments({ record }: Request, stage: StageName): Arguments {
  const { requestId, xRequestId, model, prefillWaitMs, prefillMs, outputTokens, avgItlMs } = record.request
  const identity = { request_id: requestId, x_request_id: xRequestId ?? null, model: model ?? null }
  switch (stage) {
    case 'prefill wait':
      return { ...identity, prefill_wait_time_ms: prefillWaitMs ?? null }
    case 'prefill':
      return { ...identity, prefill_time_ms: prefillMs ?? null }
    case 'decode':
      return { ...identity, output_tokens: outputTokens ?? null, avg_itl_ms: avgItlMs ?? null }
  }
}

/** @param next The request that got the call's result, where there is one. */
export function toolArguments(tool: ToolSpan, next: Request | undefined): Arguments {
  const facts = flatten(toolFields, tool)
  if (tool.asked === undefined) {
    const type = tool.timing === 'unended' ? 'tool_start' : tool.failed ? 'tool_error' : 'tool_end'
    return { event_type: type, event_source: 'harness', ...facts }
  }
  return {
    event_type: 'inferred_tool_call',
    event_source: 'dynamo',
    source: 'request.finish_reason_metadata.tool_calls',
    inferred: true,
    host_execution: false,
    ...facts,
    started_at_unix_ms: tool.startMs,
    ...(next
      ? {
          next_request_id: next.record.request.requestId,
          ended_at_unix_ms: tool.endMs,
          duration_ms: tool.endMs - tool.startMs,
        }
      : { duration_unknown: true }),
  }
}

function flatten<Source>(groups: readonly FieldGroup<Source>[], source: Source): Arguments {
  const result: Record<string, unknown> = {}
  for (const group of groups) {
    for (const { name, read } of group.fields) {
      const value = read(source)
      if (value === undefined) continue
      const key = group.name === undefined ? name : `${group.name}.${name}`
      result[key] = typeof value === 'bigint' ? String(value) : value
    }
  }
  return result
}

function describeFinish({
  finishReason,
  backendFinishReason,
  stopReason,
  toolCalls,
  choices,
}: FinishMetadata): Arguments {
  return {
    finish_reason: finishReason,
    backend_finish_reason: backendFinishReason,
    stop_reason: stopReason,
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(({ choiceIndex, toolCallIndex, id, name }) => ({
        choice_index: choiceIndex,
        tool_call_index: toolCallIndex,
        id,
        name,
      })),
    }),
    ...(choices.length > 0 && {
      choices: choices.map((choice) => ({
        choice_index: choice.choiceIndex,
        finish_reason: choice.finishReason,
        backend_finish_reason: choice.backendFinishReason,
        stop_reason: choice.stopReason,
      })),
    }),
  }
}
