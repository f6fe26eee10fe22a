// SPDX-License-Identifier: Apache-2.0
import { compact } from '../compact.ts'
import type { GenerationTraits } from '../generation.ts'
import type { Caller } from '../identity/caller.ts'

/** What is known of a request when it has ended. What is not known stays absent. */
export interface ServedRequest {
  readonly requestId: string
  readonly model?: string | undefined
  /** Answers asked for, also those that are only compared. */
  readonly candidates: number
  /** Epoch milliseconds, fractional. */
  readonly receivedMs: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly cachedTokens?: number
  readonly prefillWaitMs?: number
  readonly prefillMs?: number
  readonly ttftMs?: number
  readonly totalMs: number
  readonly avgItlMs?: number
  readonly kvHitRate?: number
  readonly queueDepth?: number
  readonly workerId?: bigint
  readonly replay?: { readonly blockSize: number; readonly hashes: readonly bigint[] }
  /** Absent when the client went away before the end. */
  readonly finish?: Finish
}

export interface Finish {
  readonly finishReason?: string
  readonly backendFinishReason?: string
  readonly toolCalls: readonly {
    readonly choiceIndex: number
    readonly toolCallIndex: number
    readonly id?: string
    readonly name?: string
  }[]
  readonly choices: readonly { readonly choiceIndex: number; readonly finishReason?: string }[]
}

/**
 * The `request_end` row, with fields, order and arithmetic of captured rows.
 *
 * @returns undefined where this generation of Dynamo writes none.
 */
export function requestRow(
  served: ServedRequest,
  caller: Caller | undefined,
  traits: GenerationTraits,
): object | undefined {
  if (caller === undefined && !traits.tracesAnonymous) return undefined
  if (served.candidates > 1 && !traits.tracesSeveralChoices) return undefined
  const receivedMs = Math.floor(served.receivedMs)
  return {
    schema: traits.schema,
    event_type: 'request_end',
    event_time_unix_ms: receivedMs + Math.round(served.totalMs),
    ...(caller && { event_source: 'dynamo', agent_context: caller.context }),
    request: compact({
      request_id: served.requestId,
      x_request_id: caller?.xRequestId,
      model: caller && served.model,
      input_tokens: served.inputTokens,
      output_tokens: served.outputTokens,
      cached_tokens: served.cachedTokens,
      request_received_ms: receivedMs,
      prefill_wait_time_ms: served.prefillWaitMs,
      prefill_time_ms: served.prefillMs,
      ttft_ms: served.ttftMs,
      total_time_ms: served.totalMs,
      avg_itl_ms: served.avgItlMs,
      kv_hit_rate: served.kvHitRate,
      queue_depth: served.queueDepth,
      worker: served.workerId === undefined ? undefined : workerPlacement(served.workerId),
      replay: served.replay && {
        trace_block_size: served.replay.blockSize,
        input_length: served.inputTokens,
        input_sequence_hashes: served.replay.hashes,
      },
      finish_reason_metadata: caller && traits.tracesFinish ? finishMetadata(served.finish) : undefined,
    }),
  }
}

/** One worker does both stages. */
export function workerPlacement(workerId: bigint): object {
  return { prefill_worker_id: workerId, prefill_dp_rank: 0, decode_worker_id: workerId, decode_dp_rank: 0 }
}

function finishMetadata(finish: Finish | undefined): object | undefined {
  if (finish === undefined) return undefined
  const toolCalls = finish.toolCalls.map((call) =>
    compact({ choice_index: call.choiceIndex, tool_call_index: call.toolCallIndex, id: call.id, name: call.name }),
  )
  const choices = finish.choices.map((choice) =>
    compact({ choice_index: choice.choiceIndex, finish_reason: choice.finishReason }),
  )
  return compact({
    finish_reason: finish.finishReason,
    backend_finish_reason: finish.backendFinishReason,
    tool_calls: toolCalls.length > 0 ? toolCalls : undefined,
    choices: choices.length > 0 ? choices : undefined,
  })
}
