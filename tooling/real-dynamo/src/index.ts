// SPDX-License-Identifier: Apache-2.0
export { installRelease, type Installation } from './install.ts'
export { isRelease, releases, traitsOf, type Release, type ReleaseTraits } from './releases.ts'
export { settledTrace } from './settled-trace.ts'
export { startDynamo, type Dynamo, type DynamoOptions } from './start-dynamo.ts'
export { directAnswers, type DirectedCall, type DirectedRequest, type Director } from './direct-answers.ts'
export type { DirectedTurn } from './directed-turn.ts'
