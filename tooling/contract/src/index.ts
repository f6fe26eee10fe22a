// SPDX-License-Identifier: Apache-2.0
export { bodyKeys, type BodyKey, type Sender } from './body-keys.ts'
export type { ByRelease } from './by-release.ts'
export { compatibilityPage } from './compatibility-page.ts'
export { differences, expectedOf } from './differences.ts'
export { startTarget } from './targets/start-target.ts'
export {
  localTargets,
  type LocalTargetName,
  type Target,
  type TargetName,
  type TargetOptions,
} from './targets/target.ts'
