// SPDX-License-Identifier: Apache-2.0
import {
  OpenAICompatibleChatLanguageModel,
  OpenAICompatibleCompletionLanguageModel,
  OpenAICompatibleEmbeddingModel,
} from '@ai-sdk/openai-compatible'
import { NoSuchModelError, type EmbeddingModelV3, type LanguageModelV3, type ProviderV3 } from '@ai-sdk/provider'
import { oldestReleaseOf } from '@dynamo-agent/client/detect'
import { withoutRefusedKeys } from '@dynamo-agent/core'
import { connect, type Connection } from './connection.ts'
import { identifyModel } from './identified-model.ts'
import type { DynamoProviderSettings } from './settings.ts'

/** NVIDIA Dynamo as a provider of the AI SDK. Called as a function it is its `chat`. */
export interface DynamoProvider extends ProviderV3 {
  (modelId: string): LanguageModelV3
  languageModel(modelId: string): LanguageModelV3
  /** A model at `/v1/chat/completions`. */
  chat(modelId: string): LanguageModelV3
  /** A model at `/v1/completions`, which knows neither tools nor structured output. */
  completion(modelId: string): LanguageModelV3
  /** A model at `/v1/embeddings`. */
  embeddingModel(modelId: string): EmbeddingModelV3
  /** The older name of `embeddingModel`. */
  textEmbeddingModel(modelId: string): EmbeddingModelV3
  /** @throws NoSuchModelError always: Dynamo's frontend has no such endpoint in OpenAI's form. */
  imageModel(modelId: string): never
}

/**
 * Makes a provider for one frontend. Settings and environment are read at the
 * first call of one of its models, and a mistake in them is thrown there.
 */
export function createDynamo(settings: DynamoProviderSettings = {}): DynamoProvider {
  let connection: Connection | undefined
  const connected = () => (connection ??= connect(settings))
  const configFor = (kind: 'chat' | 'completion' | 'embedding') => ({
    provider: `dynamo.${kind}`,
    url: ({ path }: { readonly path: string }) => `${connected().baseUrl}${path}`,
    headers: () => ({ ...connected().headers }),
    fetch: (...request: Parameters<typeof globalThis.fetch>) => connected().fetch(...request),
  })

  const chat = (modelId: string) =>
    identifyModel(
      new OpenAICompatibleChatLanguageModel(modelId, {
        ...configFor('chat'),
        includeUsage: true,
        supportsStructuredOutputs: true,
        transformRequestBody: (body) => withoutWhatIsRefused(body, connected()),
      }),
      connected,
    )
  const completion = (modelId: string) =>
    identifyModel(
      new OpenAICompatibleCompletionLanguageModel(modelId, { ...configFor('completion'), includeUsage: true }),
      connected,
    )
  const embeddingModel = (modelId: string) => new OpenAICompatibleEmbeddingModel(modelId, configFor('embedding'))

  return Object.assign((modelId: string) => chat(modelId), {
    specificationVersion: 'v3' as const,
    languageModel: chat,
    chat,
    completion,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    imageModel(modelId: string): never {
      throw new NoSuchModelError({ modelId, modelType: 'imageModel' })
    },
  })
}

/** The provider whose settings are the environment's. */
export const dynamo = createDynamo()

function withoutWhatIsRefused(body: Record<string, unknown>, { selector }: Connection): Record<string, unknown> {
  const release = oldestReleaseOf(selector.evidence)
  return release === undefined ? body : (withoutRefusedKeys(body, release) as Record<string, unknown>)
}
