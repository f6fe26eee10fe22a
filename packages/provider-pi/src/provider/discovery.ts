// SPDX-License-Identifier: Apache-2.0
import type { ServedModel } from './models.ts'

export interface DiscoveryOptions {
  readonly baseUrl: string
  readonly apiKey: string
  /** How long Pi's start may wait for the list. */
  readonly timeoutMs: number
}

/**
 * Asks the frontend which models it serves.
 *
 * @returns An empty list when it does not answer in time, answers with an
 * error, or serves none: Pi starts all the same.
 */
export async function discoverModels(options: DiscoveryOptions): Promise<readonly ServedModel[]> {
  try {
    const { listModels } = await import('@dynamo-agent/client/models')
    return await listModels(options)
  } catch {
    return []
  }
}
