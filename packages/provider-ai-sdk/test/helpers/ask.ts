// SPDX-License-Identifier: Apache-2.0
import { generateText } from 'ai'
import { createDynamo, type DynamoLanguageModelOptions, type DynamoProviderSettings } from '../../src/index.ts'
import type { RecordedCall } from './recording-proxy.ts'
import type { Stage } from './stage.ts'

export interface Question {
  readonly settings?: DynamoProviderSettings
  readonly headers?: Record<string, string>
  readonly dynamo?: DynamoLanguageModelOptions
}

/** Makes one call, without retries, and gives the request that reached the frontend last. */
export async function ask(stage: Stage, { settings, headers, dynamo }: Question = {}): Promise<RecordedCall> {
  const provider = createDynamo({ baseURL: stage.baseURL, ...settings })
  await generateText({
    model: provider('scripted'),
    prompt: 'Hi',
    maxRetries: 0,
    ...(headers && { headers }),
    ...(dynamo && { providerOptions: { dynamo } }),
  })
  const call = stage.proxy.calls.at(-1)
  if (call === undefined) throw new Error('no request reached the frontend')
  return call
}
