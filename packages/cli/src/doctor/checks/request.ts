// SPDX-License-Identifier: Apache-2.0
import { dialects } from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import { formatDuration } from '../../format.ts'
import { dialectOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, skip, type, type Cure, type Observation } from '../finding.ts'
import { curlChat } from '../frontend/curl.ts'
import { quote } from '../shell.ts'
import { isRefusal, refused, tokenOf } from './authentication.ts'
import { findModel } from './model.ts'
import { nameModel } from './models.ts'

/** A queue or a long prefill before it may take its time. */
const PATIENCE = 6

/** Who sends more for a token is no frontend. */
const MAX_ANSWER_LENGTH = 1024 * 1024

const consequence = 'agents get no answers'

/** Whether a request with identity and hints is served. Costs a token, so it must be asked for. */
export const requestCheck: Check = {
  name: 'request',
  needs: ['frontend', 'authentication', 'models', 'model', 'dialect'],
  unasked: ({ options }) =>
    options.request === true ? undefined : 'give --request to send one with identity and hints; it costs a token',
  async run(examination) {
    const { options, facts } = examination
    const ids = (facts.models ?? []).map(({ id }) => id)
    const model = options.model === undefined ? ids[0] : findModel(options.model, ids)
    if (model === undefined) return skip('there is no model to ask')

    const sentMs = options.now()
    const answer = await ask(examination, model)
    const answeredMs = options.now()
    if ('problem' in answer) return explainSilence(`${nameModel(model)}: ${answer.problem}`, examination)
    if (answer.status !== 200 || !isCompletion(answer.text)) return explainRefusal(answer, { model, examination })
    facts.requestSent = { sentMs, answeredMs }
    const duration = formatDuration(answeredMs - sentMs)
    return ok(`${nameModel(model)} answered a request with identity and hints in ${duration}`)
  },
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function ask(examination: Examination, model: string): Promise<Answer | { readonly problem: string }> {
  const { settings, options, probe } = examination
  const dialect = dialects[dialectOf(examination)]
  const hints = { priority: 0, outputLength: 1, ...settings.hints }
  const { headers, nvext } = dialect.identify(probe, hints, randomUUID())
  const timeout = AbortSignal.timeout(options.timeoutMs * PATIENCE)
  try {
    const response = await options.fetch(`${settings.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${settings.apiKey}`, ...headers },
      body: JSON.stringify({ ...question(model), ...(nvext && { nvext }) }),
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
    })
    return { status: response.status, text: await readBeginning(response) }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (timeout.aborted) return { problem: `no answer within ${formatDuration(options.timeoutMs * PATIENCE)}` }
    const { message } = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error)
    return { problem: message }
  }
}

/** All of an answer of one token. */
async function readBeginning({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MAX_ANSWER_LENGTH) break
  }
  return text
}

function explainSilence(seen: string, examination: Examination): Observation {
  return fail(seen, {
    meaning: 'The frontend took the request, and no whole answer came.',
    cures: [askHealth(examination)],
    consequence,
  })
}

function explainRefusal(
  { status, text }: Answer,
  { model, examination }: { readonly model: string; readonly examination: Examination },
): Observation {
  const words = wordsOf(text).replaceAll(examination.settings.apiKey, '…')
  if (isRefusal(status)) {
    const seen = `${nameModel(model)} answered ${status} to ${tokenOf(examination)}`
    return refused(seen, { words, examination })
  }
  const seen = `${nameModel(model)} answered ${status}${words === '' ? '' : `: ${words}`}`
  if (status === 200) {
    return fail(seen, {
      meaning: 'That is no chat completion: something on the way answers in place of the frontend.',
      cures: [type('To see all of it:', curlChat(question(model), examination))],
      consequence,
    })
  }
  if (status >= 500) {
    return fail(seen, {
      meaning: 'The fault is on the side of the frontend or of its workers.',
      cures: [askHealth(examination)],
      consequence,
    })
  }
  return fail(seen, {
    meaning: 'The frontend refuses what agents send.',
    cures: [
      type('To see whether it serves a request without identity and hints:', curlChat(question(model), examination)),
    ],
    consequence,
  })
}

function question(model: string): object {
  return { model, max_tokens: 1, messages: [{ role: 'user', content: 'Say yes.' }] }
}

function askHealth({ settings }: Examination): Cure {
  const root = settings.baseUrl.replace(/\/v1$/, '')
  return type('See what the frontend says of its workers:', `curl -s ${quote(`${root}/health`)}`)
}

/** As an agent would read it. */
function isCompletion(text: string): boolean {
  try {
    const { choices } = JSON.parse(text) as { choices?: unknown }
    return Array.isArray(choices)
  } catch {
    return false
  }
}

/** The first line of what a server says, whatever form it has. */
function wordsOf(text: string): string {
  if (/^\s*<(!doctype|html)/i.test(text)) return 'a web page'
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text
  return message.trim().split('\n', 1)[0]?.slice(0, 300) ?? ''
}
