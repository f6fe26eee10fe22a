// SPDX-License-Identifier: Apache-2.0
export { createDynamoFetch, type DynamoFetch, type DynamoFetchOptions } from './dynamo-fetch.ts'
export { listModels, type ListedModel, type ListModelsOptions } from './list-models.ts'
export { checkHealth, type CheckHealthOptions, type Health, type HealthInstance } from './check-health.ts'
export { readNvext, type Nvext, type NvextTiming } from './nvext.ts'
export type { FrontendOptions } from './get-text.ts'
