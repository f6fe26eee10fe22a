// SPDX-License-Identifier: Apache-2.0
import { quote } from '../shell.ts'
import { suggest } from '../../suggest.ts'
import type { Check } from '../examination.ts'
import { fail, ok, skip, type } from '../finding.ts'
import { nameModel, nameModels } from './models.ts'

const MAX_COMPARED = 1000

/** Whether the model that the user wants is there. */
export const modelCheck: Check = {
  name: 'model',
  needs: ['frontend', 'authentication', 'models'],
  run({ options, facts }) {
    const { model: wanted } = options
    if (wanted === undefined) return skip('give --model ID to check that one is listed')
    const ids = (facts.models ?? []).map(({ id }) => id)
    const id = findModel(wanted, ids)
    if (id !== undefined) return ok(`${nameModel(id)} is listed`)
    const name = wanted.replace(/^dynamo\//, '')
    // What follows the last slash is what people remember of a name such as zai-org/GLM-4.7-Flash.
    const sameEnd = ids.find((candidate) => candidate.endsWith(`/${name}`))
    const near = sameEnd ?? suggest(name, comparable(name, ids)) ?? ids[0]
    return fail(`${nameModel(wanted)} is not listed`, {
      meaning: `The frontend serves ${nameModels(ids)}, and answers 404 for any other.`,
      cures: near === undefined ? [] : [type('Use one that it serves:', `pi --model ${quote(`dynamo/${near}`)}`)],
      consequence: `every request for ${nameModel(wanted)} is refused`,
    })
  },
}

/** Those that are worth a comparison, of lists that may be of any length. */
function comparable(name: string, ids: readonly string[]): string[] {
  return ids.filter((id) => Math.abs(id.length - name.length) <= id.length / 3).slice(0, MAX_COMPARED)
}

/** The id that a name means, which may carry the provider's name as in Pi. */
export function findModel(wanted: string, ids: readonly string[]): string | undefined {
  return ids.find((id) => id === wanted) ?? ids.find((id) => `dynamo/${id}` === wanted)
}
