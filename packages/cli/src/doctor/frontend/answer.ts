// SPDX-License-Identifier: Apache-2.0
import type { DynamoAgentError } from '@dynamo-agent/core'
import type { Examination } from '../examination.ts'
import { setVariables, type, type Explanation } from '../finding.ts'
import { curlModels } from './curl.ts'
import { findFrontend } from './find-frontend.ts'

const agentShell = 'In the shell of your agent:'
const consequence = 'no request can be made'

/** Why somebody answers at the base URL, and not with a list of models. */
export async function explainAnswer(problem: DynamoAgentError, examination: Examination): Promise<Explanation> {
  const { facts, settings } = examination
  const status = facts.status ?? 0
  if (status === 429) {
    return {
      meaning: 'It takes no more requests for now.',
      cures: [type('Wait, and see whether this is answered:', curlModels(examination))],
      consequence,
    }
  }
  if (status >= 500) {
    return {
      meaning: 'The frontend failed to answer.',
      cures: [type('The fault is on its side. It tells more when it is started with:', 'export DYN_LOG=debug')],
      consequence,
    }
  }
  const found = await findFrontend(likelyAddresses(settings.baseUrl), examination)
  if (found !== undefined) {
    return {
      meaning: `The list is at ${found}/models, so the address is wrong.`,
      cures: [setVariables(agentShell, { DYNAMO_BASE_URL: found })],
      consequence,
    }
  }
  const { redirectedTo } = facts
  return {
    meaning:
      redirectedTo === undefined
        ? 'A server answers, but not with a list of models: it is another one, or its path is wrong.'
        : `It leads to ${withoutQuery(redirectedTo)}, where there is no list of models.`,
    cures: [type(agentShell, 'export DYNAMO_BASE_URL=http://HOST:PORT/v1')],
    consequence,
  }
}

/** How an address is usually wrong: a path too many, none, or the other scheme. */
function likelyAddresses(baseUrl: string): string[] {
  const { origin, pathname, protocol } = new URL(baseUrl)
  const upToVersion = /^.*?\/v1(?=\/)/.exec(pathname)?.[0]
  const secure = protocol === 'http:' ? [`${origin.replace('http:', 'https:')}${pathname}`] : []
  const addresses = [...(upToVersion === undefined ? [] : [origin + upToVersion]), `${origin}/v1`, `${baseUrl}/v1`]
  return [...addresses, ...secure].filter((address) => address !== baseUrl)
}

/** A sign-in page is often told where to return to, with more than needs to be shown. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '')
}
