// SPDX-License-Identifier: Apache-2.0

/** A body that is a JSON object; nothing else is known of it. */
export type JsonBody = Readonly<Record<string, unknown>>

/** What of a chat completion request decides how it is answered, apart from the conversation itself. */
export interface CompletionRequest {
  readonly body: JsonBody
  readonly model: string
  readonly stream: boolean
  /** The stream ends with a chunk of usage. */
  readonly includeUsage: boolean
  /** Answers asked for. */
  readonly choices: number
  /** Names in `nvext.extra_fields`; unknown ones are ignored, as Dynamo does. */
  readonly extraFields: ReadonlySet<string>
  /** `nvext.agent_hints.priority`. */
  readonly priority: number | undefined
}

export function isJsonBody(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of `body[key]`, or none. */
export function fieldsOf(body: JsonBody, key: string): JsonBody {
  const value = body[key]
  return isJsonBody(value) ? value : {}
}
