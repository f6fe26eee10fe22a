// SPDX-License-Identifier: Apache-2.0
export { createDynamoFetch, type DynamoFetch, type DynamoFetchOptions } from './dynamo-fetch.ts'
export { listModels, type ListedModel, type ListModelsOptions } from './list-models.ts'
export { checkHealth, type CheckHealthOptions, type Health, type HealthInstance } from './check-health.ts'
export { readNvext, type Nvext, type NvextTiming } from './nvext.ts'
export type { FrontendOptions } from './get-text.ts'
export { detectGeneration, type DetectGenerationOptions } from './detect/detect-generation.ts'
export type {
  DetectedGeneration,
  DetectedRelease,
  Detection,
  DetectionStep,
  UnknownGeneration,
} from './detect/detection.ts'
export {
  createDialectSelector,
  type DialectEvidence,
  type DialectSelector,
  type DialectSelectorCounters,
  type DialectSelectorOptions,
  type DialectSet,
} from './detect/dialect-selector.ts'
export type { DialectRefused } from './detect/frontend-knowledge.ts'
export { createIdentityFetch, type IdentityFetchOptions } from './identity/identity-fetch.ts'
export { addNvext } from './identity/add-nvext.ts'
export { headersToAdd } from './identity/headers-to-add.ts'
