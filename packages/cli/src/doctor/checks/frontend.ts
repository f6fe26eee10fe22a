// SPDX-License-Identifier: Apache-2.0
import { detectGeneration, listModels } from '@dynamo-agent/client'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { Check, Examination } from '../examination.ts'
import { fail, ok, setVariables, type, type Explanation } from '../finding.ts'

/** Whether anybody answers at the base URL, and whether it is a Dynamo. */
export const frontendCheck: Check = {
  name: 'frontend',
  needs: [],
  reads: ['DYNAMO_BASE_URL'],
  async run(examination) {
    const { settings, facts, environment } = examination
    const { baseUrl } = settings
    await askModels(examination)
    const { modelsProblem } = facts
    if (facts.status === undefined && modelsProblem !== undefined) {
      const isDefault = !environment.DYNAMO_BASE_URL && !environment.OPENAI_BASE_URL
      const seen = modelsProblem.message.replace(`${baseUrl}/models`, `${baseUrl}${isDefault ? ' (the default)' : ''}`)
      return fail(seen, explain(modelsProblem, baseUrl))
    }
    const { fetch, timeoutMs, signal } = examination.options
    facts.detection = await detectGeneration({ baseUrl, apiKey: settings.apiKey, fetch, timeoutMs, signal })
    return ok(`${baseUrl} answers, ${describe(facts)}`)
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

function explain(problem: DynamoAgentError, baseUrl: string): Explanation {
  const url = new URL(baseUrl)
  const consequence = 'no request can be made'
  const elsewhere = type(
    'Where it listens elsewhere, in the shell of your agent:',
    'export DYNAMO_BASE_URL=http://HOST:PORT/v1',
  )
  const code = systemCode(problem)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      meaning: `No host is known by the name ${url.hostname}.`,
      cures: [{ ...elsewhere, instruction: 'In the shell of your agent:' }],
      consequence,
    }
  }
  if (url.protocol === 'https:' && (code === 'EPROTO' || code?.startsWith('ERR_SSL') === true)) {
    const plain = `http:${baseUrl.slice('https:'.length)}`
    return {
      meaning: 'It does not speak TLS, so its address begins with http.',
      cures: [setVariables('In the shell of your agent:', { DYNAMO_BASE_URL: plain })],
      consequence,
    }
  }
  if (code === 'HTTPParserError') {
    return {
      meaning: 'Something listens there that does not speak HTTP.',
      cures: [{ ...elsewhere, instruction: 'In the shell of your agent:' }],
      consequence,
    }
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const meaning = problem.message.includes('did not answer')
    ? 'It is overloaded, or something on the way keeps silent.'
    : 'The frontend does not run, or listens elsewhere.'
  return {
    meaning,
    cures: [
      type(`Start it on ${url.hostname}, with a worker beside it:`, `python3 -m dynamo.frontend --http-port ${port}`),
      elsewhere,
    ],
    consequence,
  }
}

/** The code, or else the name, of an error's root, such as ECONNREFUSED; of several addresses that of the first. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0])
  const deeper = systemCode(error.cause)
  return deeper ?? ('code' in error && typeof error.code === 'string' ? error.code : error.name)
}
