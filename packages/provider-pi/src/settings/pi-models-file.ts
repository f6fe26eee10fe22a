// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether Pi's own `models.json` names models of the provider `dynamo`. A file
 * that is not there, or not JSON without comments, names none.
 */
export function namesModelsOfDynamo(agentFolder: string): boolean {
  try {
    const file = JSON.parse(readFileSync(join(agentFolder, 'models.json'), 'utf8')) as Partial<ModelsFile> | null
    const models = file?.providers?.dynamo?.models
    return Array.isArray(models) && models.length > 0
  } catch {
    return false
  }
}

interface ModelsFile {
  readonly providers: { readonly dynamo?: { readonly models?: unknown } | null } | null
}
