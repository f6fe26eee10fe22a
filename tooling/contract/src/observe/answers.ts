// SPDX-License-Identifier: Apache-2.0
import { STATUS_CODES } from 'node:http'
import { parseExactJson, stringifyExactJson } from '@dynamo-agent/core'
import { expectedOf } from '../differences.ts'
import type { RequestCase } from '../differences/cases.ts'
import { exchangeWithin, type HttpResponse } from '../http.ts'
import type { Target } from '../targets/target.ts'
import { asksModel, requestTo } from './requests.ts'

export const NO_ANSWER = 'no answer'

/** What is expected to be answered may take its time: on a busy machine some answers do. */
const ANSWER_LIMIT_MS = 15_000
const NO_ANSWER_LIMIT_MS = 3000

/** How a target answers the request of a case. */
export async function observeAnswer(target: Target, request: RequestCase): Promise<string> {
  const limitMs = expectedOf(target, request) === NO_ANSWER ? NO_ANSWER_LIMIT_MS : ANSWER_LIMIT_MS
  const response = await exchangeWithin(limitMs, requestTo(target, request))
  if (response === undefined) return NO_ANSWER
  if (response.status !== 200) return describeError(response)
  const isSaid = asksModel(request.path ?? '/v1/chat/completions') && request.show === undefined
  return isSaid || response.text === '' ? '200' : `200 ${describeBody(response.text, request.show)}`
}

/**
 * Status and message of an error in Dynamo's form, `{message, type, code}`
 * with the type that HTTP gives the status, byte for byte; of any other one
 * its type and text, or its headers where there is no body.
 */
function describeError({ status, headers, text }: HttpResponse): string {
  if (text === '') {
    const told = ['content-type', 'allow'].filter((name) => headers[name] !== undefined)
    return [`${status} empty`, ...told.map((name) => `${name}: ${String(headers[name])}`)].join(', ')
  }
  const type = String(headers['content-type'])
  if (type !== 'application/json') return `${status} ${type}: ${text}`
  const { message } = JSON.parse(text) as { message?: unknown }
  const usual = JSON.stringify({ message, type: STATUS_CODES[status], code: status })
  return text.trimEnd() === usual ? `${status} ${String(message)}` : `${status} ${text}`
}

/** Numbers that differ from run to run are left out. */
function describeBody(text: string, show: RequestCase['show']): string {
  const body = parseExactJson(text) as Readonly<Record<string, unknown>>
  const shown = show === undefined ? body : show(body)
  return (typeof shown === 'string' ? shown : stringifyExactJson(shown)).replace(/\d{7,}/g, 'N')
}
