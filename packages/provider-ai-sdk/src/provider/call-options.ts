// SPDX-License-Identifier: Apache-2.0
import type { JSONObject, LanguageModelV3CallOptions } from '@ai-sdk/provider'
import { VERSION } from '../version.ts'
import type { DynamoHints } from './hints.ts'

/** `providerOptions.dynamo` of a call. Every other key goes into the request body as it is. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an alias fits the SDK's JSON types
export type DynamoLanguageModelOptions = {
  /** On top of the hints of the session and of the provider. */
  hints?: DynamoHints
  /** Into the body's `nvext`; wins over whatever this package would say there. */
  nvext?: JSONObject
  /** What Dynamo is asked to tell of this answer, in place of the provider's setting. */
  extraFields?: string[]
  /**
   * This is the trajectory's last call: Dynamo notes it in its trace, and up to 1.5 lets go of the session's cache.
   * Dynamo 1.2 knows no such thing.
   */
  sessionFinal?: boolean
  /** End user, for the frontend's own accounts. */
  user?: string
  /** `none`, `minimal`, `low`, `medium`, `high` or `xhigh`; wins over the SDK's own `reasoning`. */
  reasoningEffort?: string
  /** Whether structured output must follow its schema to the letter. @defaultValue true */
  strictJsonSchema?: boolean
}

/** What a call asks of this package itself. */
export interface CallOptions {
  readonly hints?: DynamoHints | undefined
  readonly nvext?: JSONObject | undefined
  readonly extraFields?: readonly string[] | undefined
  readonly sessionFinal?: boolean | undefined
}

/** The options of a call, taken apart: what is for this package, and what the model behind it shall get. */
export function splitCallOptions(options: LanguageModelV3CallOptions): {
  readonly own: CallOptions
  readonly forModel: LanguageModelV3CallOptions
} {
  const { hints, nvext, extraFields, sessionFinal, ...body } = (options.providerOptions?.dynamo ??
    {}) as DynamoLanguageModelOptions
  // The SDK chooses among tools where there are none too, and warns of it when the model is one without tools.
  const { toolChoice, ...others } = options
  const hasTools = options.tools !== undefined && options.tools.length > 0
  return {
    own: { hints, nvext, extraFields, sessionFinal },
    forModel: {
      ...others,
      ...(hasTools && toolChoice !== undefined && { toolChoice }),
      headers: { ...options.headers, 'user-agent': userAgent(options.headers) },
      providerOptions: { ...options.providerOptions, dynamo: { ...reasoningEffort(options), ...body } },
    },
  }
}

/** ai@7 gives a level of reasoning to each model; one built for ai@6 is handed it all the same, and has to look. */
function reasoningEffort(options: LanguageModelV3CallOptions): DynamoLanguageModelOptions {
  const { reasoning } = options as { readonly reasoning?: string }
  return reasoning === undefined || reasoning === 'provider-default' ? {} : { reasoningEffort: reasoning }
}

function userAgent(headers: LanguageModelV3CallOptions['headers']): string {
  const own = `dynamo-agent/provider-ai-sdk/${VERSION}`
  const given = headers?.['user-agent']
  return given === undefined ? own : `${given} ${own}`
}
