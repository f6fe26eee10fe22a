// SPDX-License-Identifier: Apache-2.0
import { listModels } from '@dynamo-agent/client'
import type { Check, Examination } from '../examination.ts'
import { fail, ok, setVariables, type, type Observation } from '../finding.ts'

const NAMED_MODELS = 5

/** Whether the frontend lists models, which is where harnesses learn of them. */
export const modelsCheck: Check = {
  name: 'models',
  needs: ['frontend', 'authentication'],
  async run(examination) {
    const { facts, settings } = examination
    if (facts.models === undefined) return explainNoList(examination)
    if (facts.models.length === 0) {
      return fail(`${settings.baseUrl}/models lists none`, {
        meaning:
          'No worker has registered with the frontend. Pi asks once, when it starts, and then calls every model unknown.',
        cures: [
          type(
            'Start a worker, wait until this lists its model, then start Pi again:',
            `curl -s ${settings.baseUrl}/models`,
          ),
        ],
        consequence: 'there is no model to use',
      })
    }
    return ok(`${facts.models.length} listed: ${nameModels(facts.models.map(({ id }) => id))}`)
  },
}

/** The first few, and how many more. */
export function nameModels(ids: readonly string[]): string {
  const more = ids.length > NAMED_MODELS ? ` and ${ids.length - NAMED_MODELS} more` : ''
  return ids.slice(0, NAMED_MODELS).join(', ') + more
}

async function explainNoList(examination: Examination): Promise<Observation> {
  const { facts } = examination
  const seen = facts.modelsProblem?.message ?? 'no list'
  const consequence = 'no model can be found'
  if ((facts.status ?? 0) >= 500) {
    const cures = [type('The fault is on its side. It tells more when it is started with:', 'export DYN_LOG=debug')]
    return fail(seen, { meaning: 'The frontend failed to answer.', cures, consequence })
  }
  const root = await findRoot(examination)
  const cures =
    root === undefined
      ? [type('In the shell of your agent:', 'export DYNAMO_BASE_URL=http://HOST:PORT/v1')]
      : [setVariables('In the shell of your agent:', { DYNAMO_BASE_URL: root })]
  const meaning =
    root === undefined
      ? 'A server answers, but not with a list of models: it is another one, or its path is wrong.'
      : `The list is at ${root}/models, so the path is wrong.`
  return fail(seen, { meaning, cures, consequence })
}

/** The path is usually one of these when it is wrong. */
async function findRoot({ settings, options }: Examination): Promise<string | undefined> {
  const { baseUrl, apiKey } = settings
  const { fetch, timeoutMs, signal } = options
  const candidates = [`${new URL(baseUrl).origin}/v1`, `${baseUrl}/v1`].filter((candidate) => candidate !== baseUrl)
  for (const candidate of candidates) {
    const models = await listModels({ baseUrl: candidate, apiKey, fetch, timeoutMs, signal }).catch(() => undefined)
    if (models !== undefined) return candidate
  }
  return undefined
}
