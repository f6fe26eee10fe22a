// SPDX-License-Identifier: Apache-2.0
import { compact } from '../compact.ts'
import type { EngineRequest, EngineTimings } from '../engine/engine.ts'
import type { Generation } from '../generation.ts'
import type { CompletionRequest } from '../request/completion-request.ts'
import type { Answer } from '../script/script.ts'
import { workerPlacement } from '../trace/request-row.ts'
import type { Generated } from './generate.ts'
import type { Delta } from './pace-answer.ts'

/** What every body of one answer has in common. */
export interface CompletionHead {
  readonly generation: Generation
  readonly request: CompletionRequest
  /** Also the row's `request_id`. */
  readonly requestId: string
  /** Epoch milliseconds, fractional. */
  readonly receivedMs: number
}

/** A generation that ran to its end. */
export interface Completed extends Generated {
  readonly request: EngineRequest
  readonly timings: EngineTimings
}

/**
 * The bodies of chat completions, key for key as 1.2.1 and 1.6.1 answer. 1.2
 * spells out what it does not have as null and repeats the role in every
 * delta; later releases leave both out.
 */
export function completionBody(head: CompletionHead, answer: Answer, done: Completed): object {
  const { generation, request } = head
  const message = messageBody(generation, answer)
  const choices = eachChoice(request).map((index) => ({
    index,
    message,
    finish_reason: answer.finishReason,
    logprobs: null,
  }))
  return envelope(head, 'chat.completion', { choices, usage: usageBody(head, done), nvext: finalNvext(head, done) })
}

/** One event of a stream; the first of a choice names the role. */
export function deltaChunk(
  head: CompletionHead,
  delta: Delta,
  at: { choice: number; first: boolean; engine: EngineRequest },
): object {
  const role = at.first || head.generation === '1.2' ? 'assistant' : undefined
  return chunk(head, {
    choice: at.choice,
    delta: deltaBody(delta, role),
    finishReason: null,
    nvext: placementNvext(head, at.engine),
  })
}

/** The event that says why a choice ended. */
export function finishChunk(
  head: CompletionHead,
  done: Completed,
  at: { choice: number; finishReason: string },
): object {
  const delta = head.generation === '1.2' ? { role: 'assistant' } : {}
  return chunk(head, { choice: at.choice, delta, finishReason: at.finishReason, nvext: finalNvext(head, done) })
}

/** The event before the last, when usage was asked for. */
export function usageChunk(head: CompletionHead, done: Completed): object {
  return envelope(head, 'chat.completion.chunk', { choices: [], usage: usageBody(head, done), nvext: undefined })
}

export function eachChoice({ choices }: CompletionRequest): number[] {
  return Array.from({ length: choices }, (_, index) => index)
}

function chunk(
  head: CompletionHead,
  {
    choice,
    delta,
    finishReason,
    nvext,
  }: { choice: number; delta: object; finishReason: string | null; nvext: object | undefined },
): object {
  const choices = [{ index: choice, delta, finish_reason: finishReason, logprobs: null }]
  return envelope(head, 'chat.completion.chunk', {
    choices,
    usage: head.generation === '1.2' ? null : undefined,
    nvext,
  })
}

function envelope(
  { generation, request, requestId, receivedMs }: CompletionHead,
  object: string,
  {
    choices,
    usage,
    nvext,
  }: { choices: readonly object[]; usage: object | null | undefined; nvext: object | undefined },
): object {
  return compact({
    id: `chatcmpl-${requestId}`,
    choices,
    created: Math.floor(receivedMs / 1000),
    model: request.model,
    ...(generation === '1.2' && { service_tier: null, system_fingerprint: null }),
    object,
    usage,
    nvext,
  })
}

function messageBody(generation: Generation, answer: Answer): object {
  const toolCalls = answer.toolCalls.map((call) => ({ id: call.id, type: 'function', function: functionBody(call) }))
  const reasoning = answer.reasoning === '' ? undefined : answer.reasoning
  return compact({
    content: answer.text === '' && toolCalls.length > 0 ? null : answer.text,
    ...(generation === '1.3+' && { refusal: null }),
    tool_calls: toolCalls.length > 0 ? toolCalls : undefined,
    role: 'assistant',
    reasoning_content: generation === '1.2' ? (reasoning ?? null) : reasoning,
  })
}

function deltaBody(delta: Delta, role: 'assistant' | undefined): object {
  switch (delta.kind) {
    case 'text':
      return compact({ content: delta.text, role })
    case 'reasoning':
      return compact({ role, reasoning_content: delta.text })
    case 'tool-call': {
      const { index, call } = delta
      return compact({
        content: '',
        tool_calls: [{ index, id: call.id, type: 'function', function: functionBody(call) }],
        role,
      })
    }
  }
}

function functionBody(call: Answer['toolCalls'][number]): object {
  return { name: call.name, arguments: call.arguments }
}

function usageBody({ generation, request }: CompletionHead, done: Completed): object {
  const promptTokens = done.request.inputTokens
  const completionTokens = done.outputTokens * request.choices
  const reasoningTokens = done.reasoningTokens * request.choices
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(generation === '1.3+' && {
      prompt_tokens_details: { cached_tokens: done.request.cachedTokens },
      ...(reasoningTokens > 0 && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
    }),
  }
}

/** What `nvext.extra_fields` asked for and is known before the end. */
function placementNvext({ request }: CompletionHead, engine: EngineRequest): object | undefined {
  return request.extraFields.has('worker_id') ? { worker_id: workerPlacement(engine.workerId) } : undefined
}

/** The same with what only the end knows. */
function finalNvext(head: CompletionHead, { request: engine, timings }: Completed): object | undefined {
  const placement = placementNvext(head, engine)
  if (!head.request.extraFields.has('timing')) return placement
  const timing = compact({
    request_received_ms: Math.floor(head.receivedMs),
    prefill_wait_time_ms: timings.prefillWaitMs,
    prefill_time_ms: timings.prefillMs,
    ttft_ms: timings.ttftMs,
    total_time_ms: timings.totalMs,
    kv_hit_rate: engine.kvHitRate,
    router_queue_depth: engine.queueDepth,
  })
  return { ...placement, timing }
}
