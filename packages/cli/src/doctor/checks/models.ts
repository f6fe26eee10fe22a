// SPDX-License-Identifier: Apache-2.0
import type { Check } from '../examination.ts'
import { fail, ok, type } from '../finding.ts'
import { curlModels } from '../frontend/curl.ts'

const NAMED_MODELS = 5
const NAME_LENGTH = 60

/** Whether the frontend lists models, which is where harnesses learn of them. */
export const modelsCheck: Check = {
  name: 'models',
  needs: ['frontend', 'authentication'],
  run(examination) {
    const { settings } = examination
    const { models = [] } = examination.facts
    if (models.length === 0) {
      return fail(`${settings.baseUrl}/models lists none`, {
        meaning:
          'No worker has registered with the frontend. ' +
          'Pi asks once, when it starts, and then calls every model unknown.',
        cures: [
          type('Start a worker, wait until this lists its model, then start Pi again:', curlModels(examination)),
        ],
        consequence: 'there is no model to use',
      })
    }
    return ok(`${models.length} listed: ${nameModels(models.map(({ id }) => id))}`)
  },
}

/** The first few, and how many more. */
export function nameModels(ids: readonly string[]): string {
  const more = ids.length > NAMED_MODELS ? ` and ${ids.length - NAMED_MODELS} more` : ''
  return ids.slice(0, NAMED_MODELS).map(nameModel).join(', ') + more
}

/** An id as far as a line has room for it. */
export function nameModel(id: string): string {
  return id.length > NAME_LENGTH ? `${id.slice(0, NAME_LENGTH)}…` : id
}
