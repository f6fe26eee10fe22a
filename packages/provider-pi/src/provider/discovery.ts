// SPDX-License-Identifier: Apache-2.0
import type { QuestionFetch } from '@dynamo-agent/client'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { ServedModel } from './models.ts'

export interface DiscoveryOptions {
  readonly baseUrl: string
  readonly apiKey: string
  /** How long Pi's start may wait for the list. */
  readonly timeoutMs: number
  readonly fetch: QuestionFetch
  /** Drops the question. */
  readonly signal: AbortSignal
}

export interface Discovery {
  readonly models: readonly ServedModel[]
  /** Why there is no list. */
  readonly problem?: DynamoAgentError
}

/**
 * Asks the frontend which models it serves. Never rejects: Pi starts all the
 * same when it does not answer in time, answers with an error, or serves none.
 */
export async function discoverModels(options: DiscoveryOptions): Promise<Discovery> {
  try {
    const { listModels } = await import('@dynamo-agent/client/models')
    return { models: await listModels(options) }
  } catch (error) {
    return { models: [], ...(DynamoAgentError.isInstance(error) && { problem: error }) }
  }
}
