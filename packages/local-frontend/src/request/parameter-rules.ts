// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from './completion-request.ts'
import { isKnownParameter } from './known-parameters.ts'
import { isFields } from './serde.ts'

/** A rule for values that a body breaks: what Dynamo says after "Validation: ", and the status of its answer. */
export interface ParameterProblem {
  readonly status: number
  readonly message: string
}

const MAX_TOKENS = 1_048_576

/** Ranges as Dynamo words them. */
const ranges = [
  { key: 'temperature', name: 'Temperature', least: 0, most: 2 },
  { key: 'top_p', name: 'Top_p', least: 0, most: 1 },
  { key: 'frequency_penalty', name: 'Frequency penalty', least: -2, most: 2 },
  { key: 'presence_penalty', name: 'Presence penalty', least: -2, most: 2 },
  { key: 'min_p', name: 'Min_p', least: 0, most: 1 },
  { key: 'top_logprobs', name: 'Top_logprobs', least: 0, most: 20 },
  { key: 'n', name: 'n', least: 1, most: 128 },
] as const

const tokenLimits = [
  { key: 'max_tokens', name: 'Max tokens' },
  { key: 'max_completion_tokens', name: 'Max completion tokens' },
] as const

const deprecated = [
  { key: 'function_call', instead: 'tool_choice' },
  { key: 'functions', instead: 'tools' },
] as const

/**
 * The first rule for values that a body breaks.
 *
 * @param modern Whether the release is 1.3 or later, for which 1.6.1 stands.
 */
export function findParameterProblem(body: JsonBody, modern: boolean): ParameterProblem | undefined {
  const old = deprecated.find(({ key }) => (body[key] ?? undefined) !== undefined)
  if (old !== undefined) {
    return { status: 501, message: `\`${old.key}\` is deprecated. Please migrate to use \`${old.instead}\` instead.` }
  }
  const message =
    findMessagesProblem(body) ??
    findUnknownProblem(body, modern) ??
    (modern ? findLaterKeyProblem(body) : undefined) ??
    findStreamOptionsProblem(body) ??
    findTokenLimitProblem(body, modern) ??
    findListsProblem(body) ??
    findRangeProblem(body, modern) ??
    (modern ? findToolsProblem(body) : undefined)
  return message === undefined ? undefined : { status: 400, message }
}

function findMessagesProblem({ messages }: JsonBody): string | undefined {
  const isEmpty = Array.isArray(messages) && messages.length === 0
  return isEmpty ? "The 'messages' field cannot be empty. At least one message is required." : undefined
}

function findUnknownProblem(body: JsonBody, modern: boolean): string | undefined {
  const unknown = Object.keys(body).filter((key) => !isKnownParameter(key, modern))
  return unknown.length > 0 ? `Unsupported parameter(s): ${unknown.map((key) => `\`${key}\``).join(', ')}` : undefined
}

function findLaterKeyProblem({ thinking, cache_salt: salt, stop_token_ids: stops }: JsonBody): string | undefined {
  if ((salt ?? undefined) !== undefined && typeof salt !== 'string') return '`cache_salt` must be a string'
  if ((stops ?? undefined) !== undefined && !Array.isArray(stops))
    return '`stop_token_ids` must be an array of token IDs'
  return findThinkingProblem(thinking)
}

function findThinkingProblem(thinking: unknown): string | undefined {
  if (thinking === undefined || thinking === null || typeof thinking === 'boolean') return undefined
  if (!isFields(thinking)) {
    return '`thinking` must be a boolean or an object with `type` set to `enabled`, `disabled`, or `adaptive`'
  }
  const known = ['enabled', 'disabled', 'adaptive'].includes(String(thinking.type))
  return known ? undefined : '`thinking.type` must be `enabled`, `disabled`, or `adaptive`'
}

function findStreamOptionsProblem(body: JsonBody): string | undefined {
  const stray = body.stream !== true && (body.stream_options ?? undefined) !== undefined
  return stray ? "The 'stream_options' field is only allowed when 'stream' is set to true." : undefined
}

/** 1.2 generates without end when asked for no token; we refuse that in every generation. */
function findTokenLimitProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const { key, name } of tokenLimits) {
    const value = body[key]
    if (value === 0) return `${name} must be greater than 0, got 0`
    if (modern && typeof value === 'number' && value > MAX_TOKENS) {
      return `${name} must not exceed ${MAX_TOKENS}, got ${value}`
    }
  }
  return undefined
}

function findRangeProblem(body: JsonBody, modern: boolean): string | undefined {
  for (const { key, name, least, most } of ranges) {
    const value = body[key]
    const tooSmall = typeof value === 'number' && (value < least || (modern && key === 'top_p' && value === 0))
    if (typeof value === 'number' && (tooSmall || value > most)) {
      return `${name} must be between ${least} and ${most}, got ${value}`
    }
  }
  const { repetition_penalty: penalty, top_k: topK } = body
  if (typeof penalty === 'number' && (penalty <= 0 || penalty > 2)) {
    return `Repetition penalty must be between 0 and 2, got ${penalty}`
  }
  if (typeof topK !== 'number' || topK === -1 || topK > 0 || (modern && topK === 0)) return undefined
  return modern
    ? 'Top_k must be null or greater than or equal to -1'
    : 'Top_k must be null, -1, or greater than or equal to 1'
}

function findListsProblem({ stop, logit_bias: bias }: JsonBody): string | undefined {
  if (Array.isArray(stop) && stop.length === 0) return 'Stop sequences array cannot be empty'
  const wrong = isFields(bias)
    ? Object.entries(bias).find(([, value]) => typeof value === 'number' && (value < -100 || value > 100))
    : undefined
  return wrong && `Logit bias for token '${wrong[0]}' must be between -100 and 100, got ${String(wrong[1])}`
}

function findToolsProblem({ tools, tool_choice: choice }: JsonBody): string | undefined {
  const list = Array.isArray(tools) ? (tools as unknown[]) : []
  if (Array.isArray(tools) && list.length === 0) {
    return 'tools array cannot be empty; omit the field entirely to disable tool use'
  }
  if (choice === 'required' && list.length === 0) return 'tool_choice is "required" but tools is empty'
  if (!isFields(choice) || !isFields(choice.function)) return undefined
  const { name } = choice.function
  const isThere = list.some((tool) => isFields(tool) && isFields(tool.function) && tool.function.name === name)
  return isThere ? undefined : `tool named ${JSON.stringify(name)} in tool_choice is not present in tools`
}
