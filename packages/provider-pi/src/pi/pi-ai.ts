// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { PiStreamSimple } from './host.ts'
import { lendFetch } from './lend-fetch.ts'

/** pi-ai as far as it is looked at; the names have moved more than once. */
interface PiAi {
  readonly streamSimpleOpenAICompletions?: PiStreamSimple
  readonly openAICompletionsApi?: () => { readonly streamSimple?: PiStreamSimple }
}

export type ImportModule = (name: string) => Promise<unknown>

/** The older name comes first: Pi 0.73 knows no other, and later ones answer to it too. */
const piAiNames = ['@mariozechner/pi-ai', '@earendil-works/pi-ai']

/**
 * Pi's own client for OpenAI-compatible endpoints.
 *
 * Pi resolves these names itself, whatever is installed, but only for an
 * import() in a file that its loader has compiled: any other finds whichever
 * copy lies in node_modules. A copy of the wrong generation sends requests
 * without system prompt and tools and reports nothing.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when neither generation of Pi is there.
 */
export async function loadStreamSimple(importModule: ImportModule): Promise<PiStreamSimple> {
  for (const name of piAiNames) {
    const streamSimple = clientOf(await importModule(name).catch(() => undefined))
    if (streamSimple !== undefined) return streamSimple
  }
  throw new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: 'Pi offers no client for OpenAI-compatible endpoints here',
    advice: 'Load this package as a Pi extension, or pass `streamSimple` to createDynamoExtension.',
  })
}

function clientOf(module: unknown): PiStreamSimple | undefined {
  const { openAICompletionsApi, streamSimpleOpenAICompletions: older } = (module ?? {}) as PiAi
  return openAICompletionsApi?.().streamSimple ?? (older && lendFetch(older))
}
