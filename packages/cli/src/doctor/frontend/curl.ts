// SPDX-License-Identifier: Apache-2.0
import type { Examination } from '../examination.ts'
import { quote } from '../shell.ts'

/** What a person types to see the list of models. */
export function curlModels(examination: Examination): string {
  return `curl -s ${quote(`${examination.settings.baseUrl}/models`)}${tokenHeader(examination)}`
}

/** What a person types to send a chat completion. */
export function curlChat(body: object, examination: Examination): string {
  const url = quote(`${examination.settings.baseUrl}/chat/completions`)
  const headers = ` -H 'content-type: application/json'${tokenHeader(examination)}`
  return `curl -s ${url}${headers} -d ${quote(JSON.stringify(body))}`
}

/** The token goes along without being shown. */
function tokenHeader({ environment }: Examination): string {
  return environment.DYNAMO_API_KEY ? ' -H "authorization: Bearer $DYNAMO_API_KEY"' : ''
}
