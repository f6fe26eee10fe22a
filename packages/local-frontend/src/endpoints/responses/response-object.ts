// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, isJsonBody, itemsOf, type JsonBody } from '../../request/json-body.ts'
import type { Answer } from '../../script/script.ts'
import type { AnswerHead, Completed } from '../answer-form.ts'

/** How far a response is. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete'
  readonly output: readonly object[]
  readonly completed?: Completed
}

/** What does not change while a response is made. */
export interface ResponseHead {
  readonly id: string
  readonly head: AnswerHead
  /** Where keys without a value stand: among the others, or behind them in the order of the alphabet. */
  readonly nulls: 'in-place' | 'last'
}

/**
 * The whole of a response, which repeats the request with its defaults, key for
 * key as 1.2.1 and 1.6.1 answer. A few keys never say what was asked for.
 */
export function responseObject({ id, head, nulls }: ResponseHead, state: ResponseState): object {
  const { generation, body } = head
  const { status, output, completed } = state
  const fields = {
    background: false,
    billing: null,
    conversation: null,
    created_at: seconds(head.receivedMs),
    completed_at: status === 'completed' ? seconds(head.now()) : null,
    error: null,
    id,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    metadata: generation === '1.2' ? {} : (body.metadata ?? {}),
    model: body.model,
    object: 'response',
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt: null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    prompt_cache_retention: body.prompt_cache_retention ?? null,
    reasoning: isJsonBody(body.reasoning) ? pick(body.reasoning, ['effort', 'summary']) : null,
    safety_identifier: body.safety_identifier ?? null,
    service_tier: body.service_tier ?? 'auto',
    status,
    temperature: asFloat(body.temperature),
    text: { format: { type: 'text' }, ...fieldsOf(body, 'text') },
    tool_choice: body.tool_choice ?? 'auto',
    tools: itemsOf(body, 'tools').map(toolBody),
    top_logprobs: 0,
    top_p: asFloat(body.top_p),
    truncation: body.truncation ?? 'disabled',
    usage: completed === undefined ? null : usageBody(head, completed),
  }
  return {
    ...(nulls === 'in-place' ? fields : nullsLast(fields)),
    presence_penalty: 0,
    frequency_penalty: 0,
    store: body.store ?? false,
  }
}

/** How a response ends whose answer is this one. */
export function endStatus({ generation }: AnswerHead, { finishReason }: Answer): 'completed' | 'incomplete' {
  return generation !== '1.2' && finishReason === 'length' ? 'incomplete' : 'completed'
}

function nullsLast(fields: object): object {
  const entries = Object.entries(fields) as [string, unknown][]
  const given = entries.filter(([, value]) => value !== null)
  const nulls = entries.filter(([, value]) => value === null)
  return Object.fromEntries([...given, ...nulls.sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** A tool that does not say so is strict, though nothing holds it to that. */
function toolBody(tool: unknown): unknown {
  if (!isJsonBody(tool) || tool.type !== 'function') return tool
  const { type, name, parameters = null, strict = null, description = null } = tool
  return {
    type,
    name,
    ...(parameters !== null && { parameters }),
    strict: strict ?? true,
    ...(description !== null && { description }),
  }
}

function usageBody({ generation }: AnswerHead, { request, outputTokens, reasoningTokens }: Completed): object {
  // 1.2 knows of neither, and says 0.
  const counted = (tokens: number) => (generation === '1.2' ? 0 : tokens)
  return {
    input_tokens: request.inputTokens,
    input_tokens_details: { cached_tokens: counted(request.cachedTokens) },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: counted(reasoningTokens) },
    total_tokens: request.inputTokens + outputTokens,
  }
}

function pick(fields: JsonBody, keys: readonly string[]): object {
  return Object.fromEntries(keys.filter((key) => (fields[key] ?? null) !== null).map((key) => [key, fields[key]]))
}

/** Dynamo keeps it in 32 bits, so 0.9 comes back as 0.8999999761581421. */
function asFloat(value: unknown): number {
  return typeof value === 'number' ? Math.fround(value) : 1
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
