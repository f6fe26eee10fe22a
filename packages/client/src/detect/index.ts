// SPDX-License-Identifier: Apache-2.0
export { detectGeneration, type DetectGenerationOptions } from './detect-generation.ts'
export type {
  DetectedGeneration,
  DetectedRelease,
  Detection,
  DetectionStep,
  UnknownGeneration,
} from './detection.ts'
export {
  createDialectSelector,
  type DialectEvidence,
  type DialectSelector,
  type DialectSelectorCounters,
  type DialectSelectorOptions,
  type DialectSet,
} from './dialect-selector.ts'
export { oldestReleaseOf } from './oldest-release.ts'
export type { DialectRefused } from './frontend-knowledge.ts'
