// SPDX-License-Identifier: Apache-2.0
import { detectGeneration, listModels } from '@dynamo-agent/client'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { Check, Examination } from '../examination.ts'
import { fail, ok } from '../finding.ts'
import { explainAnswer } from '../frontend/answer.ts'
import { judgeRedirect } from '../frontend/redirect.ts'
import { explainSilence } from '../frontend/silence.ts'

/** Whether a frontend answers at the base URL, and whether it is a Dynamo. */
export const frontendCheck: Check = {
  name: 'frontend',
  needs: [],
  reads: ['DYNAMO_BASE_URL', 'DYNAMO_API_KEY'],
  async run(examination) {
    const { settings, facts, environment } = examination
    const { baseUrl } = settings
    await askModels(examination)
    const { modelsProblem, status } = facts
    if (modelsProblem?.code === 'DYN_HTTP_UNREACHABLE') {
      const isDefault = !environment.DYNAMO_BASE_URL && !environment.OPENAI_BASE_URL
      const seen = modelsProblem.message.replace(`${baseUrl}/models`, `${baseUrl}${isDefault ? ' (the default)' : ''}`)
      return fail(seen, await explainSilence(modelsProblem, examination))
    }
    // Whose token is refused is told apart from who is no frontend.
    if (modelsProblem !== undefined && status !== 401 && status !== 403) {
      return fail(modelsProblem.message, await explainAnswer(modelsProblem, examination))
    }
    const { fetch, timeoutMs, signal } = examination.options
    facts.detection = await detectGeneration({ baseUrl, apiKey: settings.apiKey, fetch, timeoutMs, signal })
    return (await judgeRedirect(examination)) ?? ok(`${baseUrl} answers, ${describe(facts)}`)
  },
}

/** Asks for the model list and keeps everything that its answer tells. */
async function askModels({ settings, facts, options }: Examination): Promise<void> {
  const { baseUrl, apiKey } = settings
  const { fetch, now, timeoutMs, signal } = options
  const observed: typeof fetch = async (...request) => {
    const notBeforeMs = now()
    const response = await fetch(...request)
    facts.status = response.status
    if (response.redirected) facts.redirectedTo = response.url
    const date = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(date)) facts.headerClock = { theirsMs: date, notBeforeMs, notAfterMs: now() }
    return response
  }
  try {
    facts.models = await listModels({ baseUrl, apiKey, fetch: observed, timeoutMs, signal })
  } catch (error) {
    if (!DynamoAgentError.isInstance(error)) throw error
    facts.modelsProblem = error
  }
}

function describe({ detection }: Examination['facts']): string {
  switch (detection?.by) {
    case 'openapi':
      return `Dynamo ${detection.release}`
    case 'probe':
      return detection.dialect === 'session-headers' ? 'Dynamo 1.3 or later' : 'Dynamo 1.2'
    default:
      return 'nothing shows that it is a Dynamo'
  }
}
