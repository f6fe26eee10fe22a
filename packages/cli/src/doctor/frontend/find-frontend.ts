// SPDX-License-Identifier: Apache-2.0
import { listModels } from '@dynamo-agent/client'
import type { Examination } from '../examination.ts'

/** Short, because it is spent on guesses. */
const LIMIT_MS = 2000

/** The first of these addresses where models are listed. */
export async function findFrontend(
  baseUrls: readonly string[],
  { settings, options }: Examination,
): Promise<string | undefined> {
  const { apiKey } = settings
  const { fetch, signal } = options
  const timeoutMs = Math.min(options.timeoutMs, LIMIT_MS)
  const found = await Promise.all(
    baseUrls.map(async (baseUrl) => {
      const models = await listModels({ baseUrl, apiKey, fetch, timeoutMs, signal }).catch(() => undefined)
      return models === undefined ? [] : [baseUrl]
    }),
  )
  options.signal?.throwIfAborted()
  return found.flat()[0]
}
