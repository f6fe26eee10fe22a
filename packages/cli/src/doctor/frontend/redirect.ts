// SPDX-License-Identifier: Apache-2.0
import type { Examination } from '../examination.ts'
import { fail, setVariables, warn, type Observation } from '../finding.ts'

/** These leave a POST a POST; after any other, fetch asks again with GET. */
const KEEPING_METHOD: readonly number[] = [307, 308]

/**
 * What follows from a base URL that leads to the frontend by a redirect:
 * questions are answered, and a request that goes the same way arrives as a
 * question, or without its token where the redirect leads to another origin.
 */
export async function judgeRedirect(examination: Examination): Promise<Observation | undefined> {
  const { facts, settings } = examination
  const { redirectedTo } = facts
  if (redirectedTo?.endsWith('/models') !== true) return undefined
  const { baseUrl } = settings
  const target = redirectedTo.slice(0, -'/models'.length)
  const keepsMethod = KEEPING_METHOD.includes(await statusOfRedirect(examination))
  const keepsToken = new URL(baseUrl).origin === new URL(target).origin || !examination.environment.DYNAMO_API_KEY
  const cures = [setVariables('In the shell of your agent:', { DYNAMO_BASE_URL: target })]
  const seen = `${baseUrl} is redirected to ${target}`
  if (keepsMethod && keepsToken) return warn(seen, { meaning: 'Each request is made twice.', cures })
  return fail(seen, {
    meaning: keepsMethod
      ? 'Clients leave the token out when they follow to another host or scheme.'
      : 'Clients follow with a GET, so questions are answered and requests are refused.',
    cures,
    consequence: 'no request can be made',
  })
}

async function statusOfRedirect({ settings, options }: Examination): Promise<number> {
  const { fetch, timeoutMs, signal } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(`${settings.baseUrl}/models`, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${settings.apiKey}` },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    signal?.throwIfAborted()
    return 0
  }
}
