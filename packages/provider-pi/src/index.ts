// SPDX-License-Identifier: Apache-2.0
import { createDynamoExtension } from './extension.ts'

export { createDynamoExtension, type DynamoExtension, type DynamoExtensionOptions } from './extension.ts'
export type { ServedModel } from './provider/models.ts'
export { agentContextOfPiSession } from './session/session-registry.ts'

/** What Pi loads. The import() has to stand in the one file that Pi compiles: see loadStreamSimple. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default createDynamoExtension({ importModule: (name) => import(name) })
