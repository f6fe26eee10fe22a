// SPDX-License-Identifier: Apache-2.0
export { installExtension } from './install-extension.ts'
export { installNode } from './install-node.ts'
export { installPi, installPiPackage } from './install-pi.ts'
export { piEnvironment } from './pi-environment.ts'
export { piReleases, type PiRelease } from './releases.ts'
