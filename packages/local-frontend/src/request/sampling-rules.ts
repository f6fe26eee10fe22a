// SPDX-License-Identifier: Apache-2.0
import type { KnownKeys } from './known-keys.ts'
import { invalid, type Rule } from './rules.ts'
import { isFields } from './serde.ts'

/** A value between two others, as Dynamo words it. */
export function inRange(key: string, name: string, [least, most]: readonly [number, number]): Rule {
  return (body) => {
    const value = body[key]
    if (typeof value !== 'number' || (value >= least && value <= most)) return undefined
    return invalid(`${name} must be between ${least} and ${most}, got ${value}`)
  }
}

export const temperature = inRange('temperature', 'Temperature', [0, 2])
export const frequencyPenalty = inRange('frequency_penalty', 'Frequency penalty', [-2, 2])
export const presencePenalty = inRange('presence_penalty', 'Presence penalty', [-2, 2])
export const minP = inRange('min_p', 'Min_p', [0, 1])
export const choices = inRange('n', 'n', [1, 128])

/** Later releases, unlike 1.2, do not take 0. */
export const topP: Rule = (body, scope) =>
  scope.modern && body.top_p === 0
    ? invalid('Top_p must be between 0 and 1, got 0')
    : inRange('top_p', 'Top_p', [0, 1])(body, scope)

export const topK: Rule = ({ top_k: topK }, { modern }) => {
  if (typeof topK !== 'number' || topK === -1 || topK > 0 || (modern && topK === 0)) return undefined
  return invalid(
    modern
      ? 'Top_k must be null or greater than or equal to -1'
      : 'Top_k must be null, -1, or greater than or equal to 1',
  )
}

export const repetitionPenalty: Rule = ({ repetition_penalty: penalty }) =>
  typeof penalty === 'number' && (penalty <= 0 || penalty > 2)
    ? invalid(`Repetition penalty must be between 0 and 2, got ${penalty}`)
    : undefined

export const logitBias: Rule = ({ logit_bias: bias }) => {
  const wrong = isFields(bias)
    ? Object.entries(bias).find(([, value]) => typeof value === 'number' && (value < -100 || value > 100))
    : undefined
  return invalid(wrong && `Logit bias for token '${wrong[0]}' must be between -100 and 100, got ${String(wrong[1])}`)
}

const MAX_TOKENS = 1_048_576

/**
 * Tokens to generate at most. Asked for none, Dynamo 1.2 never answers a chat
 * completion; here every generation says no, as 1.2 itself does to the other
 * kind of completion.
 */
export function tokenLimit(key: string, name: string): Rule {
  return (body, { modern }) => {
    const value = body[key]
    if (value === 0) return invalid(`${name} must be greater than 0, got 0`)
    return modern && typeof value === 'number' && value > MAX_TOKENS
      ? invalid(`${name} must not exceed ${MAX_TOKENS}, got ${value}`)
      : undefined
  }
}

const MAX_STOPS = 32

export const stops: Rule = ({ stop }, { modern }) => {
  if (stop === '') return invalid('Stop sequence cannot be empty')
  if (!Array.isArray(stop)) return undefined
  if (stop.length === 0) return invalid('Stop sequences array cannot be empty')
  if (stop.length > MAX_STOPS) {
    const message = `Maximum of ${MAX_STOPS} stop sequences allowed, got ${stop.length}`
    return modern ? { status: 400, message } : invalid(message)
  }
  const empty = stop.indexOf('')
  return invalid(empty === -1 ? undefined : `Stop sequence at index ${empty} cannot be empty`)
}

/** What serves a request in 1.2 takes no more of them, and notices when the model has been found. */
const MAX_SERVED_STOPS = 4

export const fewStops: Rule = ({ stop }) =>
  Array.isArray(stop) && stop.length > MAX_SERVED_STOPS
    ? {
        status: 500,
        message: `Failed to generate completions: stop conditions must be less than ${MAX_SERVED_STOPS}`,
      }
    : undefined

export const streamOptionsOfStream: Rule = ({ stream, stream_options: options }) =>
  stream !== true && (options ?? undefined) !== undefined
    ? invalid("The 'stream_options' field is only allowed when 'stream' is set to true.")
    : undefined

export function onlyKeysOf(known: KnownKeys): Rule {
  return (body, { modern }) => {
    const unknown = Object.keys(body).filter((key) => known.reading(key, modern) === undefined)
    return invalid(
      unknown.length === 0
        ? undefined
        : `Unsupported parameter(s): ${unknown.map((key) => `\`${key}\``).join(', ')}`,
    )
  }
}

export const cacheSalt: Rule = ({ cache_salt: salt }) =>
  (salt ?? undefined) !== undefined && typeof salt !== 'string' ? invalid('`cache_salt` must be a string') : undefined

export const stopTokenIds: Rule = ({ stop_token_ids: ids }) =>
  (ids ?? undefined) !== undefined && !Array.isArray(ids)
    ? invalid('`stop_token_ids` must be an array of token IDs')
    : undefined
