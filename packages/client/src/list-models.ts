// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { getText, requireBaseUrl, type FrontendOptions } from './get-text.ts'
import { compact, fieldsOf, parseLoosely, readNumber, readText } from './loose-json.ts'
import { isWebPage, statusError } from './status-error.ts'

export type ListModelsOptions = FrontendOptions

/** A model as `/v1/models` lists it. */
export interface ListedModel {
  readonly id: string
  /** Tokens. Absent when the frontend does not know: Dynamo says 0 then (measured on 1.2.1 to 1.6.1). */
  readonly contextWindow?: number
  readonly ownedBy?: string
  /** Epoch seconds. */
  readonly created?: number
}

/**
 * Asks a frontend which models it serves. An empty list is a good answer: its
 * workers are not there yet.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when `baseUrl` is no http
 * address or `apiKey` cannot travel in a header, `DYN_HTTP_UNREACHABLE` when no answer comes in time,
 * `DYN_HTTP_STATUS` when it refuses, `DYN_HTTP_INVALID_BODY` when the answer
 * is not a model list, or does not end. When the caller aborts, the signal's
 * own reason.
 */
export async function listModels(options: ListModelsOptions): Promise<readonly ListedModel[]> {
  const answer = await getText(`${requireBaseUrl(options)}/models`, options)
  if (!answer.ok) throw statusError(answer)
  const entries = readEntries(answer.text)
  if (entries !== undefined) return entries.flatMap(readModel)
  throw new DynamoAgentError({
    code: 'DYN_HTTP_INVALID_BODY',
    message: isWebPage(answer.text)
      ? `${answer.url} answered with a web page, not with a model list`
      : `${answer.url} did not answer with a model list`,
    advice: "Set DYNAMO_BASE_URL to the server's OpenAI-compatible root, which usually ends in /v1.",
  })
}

function readEntries(text: string): unknown[] | undefined {
  const { data } = fieldsOf(parseLoosely(text))
  return Array.isArray(data) ? data : undefined
}

/** `context_window` is the only size that Dynamo gives; vLLM calls it `max_model_len`. */
function readModel(entry: unknown): ListedModel[] {
  const { id, context_window, max_model_len, owned_by, created } = fieldsOf(entry)
  if (typeof id !== 'string' || id === '') return []
  const contextWindow = [context_window, max_model_len].map(readNumber).find((size) => size !== undefined && size > 0)
  return [{ id, ...compact({ contextWindow, ownedBy: readText(owned_by), created: readNumber(created) }) }]
}
