// SPDX-License-Identifier: Apache-2.0
import {
  createProviderRegistry,
  customProvider,
  defaultSettingsMiddleware,
  generateText,
  ToolLoopAgent,
  wrapLanguageModel,
  type EmbeddingModel,
  type LanguageModel,
} from 'ai-6'
import { createDynamo, type DynamoLanguageModelOptions, type DynamoProviderMetadata } from '../../src/index.ts'

/** Compiled with the package and never run: what ai 6.0.326 takes of this package. */
export async function takenByAi() {
  const dynamo = createDynamo()
  const model: LanguageModel = dynamo('m')
  const completion: LanguageModel = dynamo.completion('m')
  const embedding: EmbeddingModel = dynamo.embeddingModel('m')
  const registry = createProviderRegistry({ dynamo })
  const named = customProvider({ languageModels: { fast: dynamo('m') }, fallbackProvider: dynamo })
  const wrapped = wrapLanguageModel({
    model: dynamo('m'),
    middleware: defaultSettingsMiddleware({ settings: { temperature: 0 } }),
  })
  const agent = new ToolLoopAgent({ model: dynamo('m'), tools: {} })
  const options: DynamoLanguageModelOptions = { hints: { priority: 1, outputLength: 'auto' }, sessionFinal: true }
  const { steps } = await generateText({ model, prompt: '', providerOptions: { dynamo: options } })
  const metadata = steps[0]?.providerMetadata?.dynamo as DynamoProviderMetadata | undefined
  const hitRate: number | undefined = metadata?.timing?.kvHitRate
  return [completion, embedding, registry, named, wrapped, agent, hitRate]
}
