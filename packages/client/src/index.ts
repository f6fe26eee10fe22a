// SPDX-License-Identifier: Apache-2.0
export { createDynamoFetch, type DynamoFetch, type DynamoFetchOptions } from './dynamo-fetch.ts'
export { listModels, type ListedModel, type ListModelsOptions } from './list-models.ts'
export { announceSessionEnd, type AnnounceSessionEndOptions } from './announce-session-end.ts'
export { checkHealth, type CheckHealthOptions, type Health, type HealthInstance } from './check-health.ts'
export { observeNvext, readNvext, type Nvext, type NvextTiming } from './nvext.ts'
export type { Answer, FrontendOptions, Question, QuestionFetch } from './get-text.ts'
export {
  createDialectSelector,
  detectGeneration,
  oldestReleaseOf,
  type DetectedGeneration,
  type DetectedRelease,
  type DetectGenerationOptions,
  type Detection,
  type DetectionStep,
  type DialectEvidence,
  type DialectRefused,
  type DialectSelector,
  type DialectSelectorCounters,
  type DialectSelectorOptions,
  type DialectSet,
  type UnknownGeneration,
} from './detect/index.ts'
export { addNvext, createIdentityFetch, headersToAdd, type IdentityFetchOptions } from './identity/index.ts'
