// SPDX-License-Identifier: Apache-2.0
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV3 } from '@ai-sdk/provider'
import { createDynamo } from '../src/index.ts'
import { registerDynamo, type DynamoRegistration } from '../src/telemetry/index.ts'
import type { FrontendProcess } from './frontend-process.ts'

/** A way to call a frontend through the SDK; the first one is the baseline. */
export interface Subject {
  readonly name: string
  readonly model: LanguageModelV3
  /** Present where something has to stand while the calls are made. */
  readonly enter?: () => DynamoRegistration
}

export function subjectsOf({ baseURL, endpoint }: FrontendProcess, harnessLog: string): readonly Subject[] {
  const bare = createOpenAICompatible({ name: 'bare', baseURL, includeUsage: true })
  const dynamo = createDynamo({ baseURL, dialect: 'session-headers' })
  const model = dynamo('m')
  return [
    { name: 'bare @ai-sdk/openai-compatible', model: bare('m') },
    { name: 'this provider', model },
    { name: 'this provider, registered', model, enter: () => registerDynamo({ endpoint }) },
    { name: 'this provider, registered, harness log', model, enter: () => registerDynamo({ endpoint, harnessLog }) },
  ]
}
