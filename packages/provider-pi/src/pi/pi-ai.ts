// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { PiStreamSimple } from './host.ts'
import { lendFetch } from './lend-fetch.ts'

/** pi-ai as far as it is looked at; the names have moved more than once. */
interface PiAi {
  readonly streamSimpleOpenAICompletions?: PiStreamSimple
  readonly openAICompletionsApi?: () => { readonly streamSimple?: PiStreamSimple }
}

/**
 * Pi's own client for OpenAI-compatible endpoints.
 *
 * Pi resolves these names itself, whatever is installed, but only for modules
 * that its loader has compiled: a static import, or this import from compiled
 * JavaScript, finds whichever copy lies in node_modules. A copy of the wrong
 * generation sends requests without system prompt and tools and reports
 * nothing. So the older name comes first: Pi 0.73 knows no other, later ones
 * put themselves in its place too.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when neither generation of Pi is there.
 */
export async function loadStreamSimple(): Promise<PiStreamSimple> {
  const streamSimple =
    clientOf(await load(() => import('@mariozechner/pi-ai'))) ?? clientOf(await load(() => import('@earendil-works/pi-ai')))
  if (streamSimple !== undefined) return streamSimple
  throw new DynamoAgentError({
    code: 'DYN_INVALID_OPTION',
    message: 'Pi offers no client for OpenAI-compatible endpoints here',
    advice: 'Load this package as a Pi extension, or pass `streamSimple` to createDynamoExtension.',
  })
}

function clientOf(ai: PiAi | undefined): PiStreamSimple | undefined {
  const { openAICompletionsApi, streamSimpleOpenAICompletions: older } = ai ?? {}
  return openAICompletionsApi?.().streamSimple ?? (older && lendFetch(older))
}

async function load(importModule: () => Promise<unknown>): Promise<PiAi | undefined> {
  try {
    return (await importModule()) as PiAi
  } catch {
    return undefined
  }
}
