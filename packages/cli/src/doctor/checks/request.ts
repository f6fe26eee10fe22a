// SPDX-License-Identifier: Apache-2.0
import { dialects } from '@dynamo-agent/core'
import { randomUUID } from 'node:crypto'
import { formatDuration } from '../../format.ts'
import { dialectOf, type Check, type Examination } from '../examination.ts'
import { fail, ok, skip, type, type Observation } from '../finding.ts'
import { quote } from '../shell.ts'
import { findModel } from './model.ts'

/** A queue or a long prefill before it may take its time. */
const PATIENCE = 6

/** Whether a request with identity and hints is served. Costs a token, so it must be asked for. */
export const requestCheck: Check = {
  name: 'request',
  needs: ['frontend', 'authentication', 'models', 'model', 'dialect'],
  async run(examination) {
    const { options, facts } = examination
    if (options.request !== true) return skip('give --request to send one with identity and hints; it costs a token')
    const ids = (facts.models ?? []).map(({ id }) => id)
    const model = options.model === undefined ? ids[0] : findModel(options.model, ids)
    if (model === undefined) return skip('there is no model to ask')

    const sentMs = options.now()
    const answer = await ask(examination, model)
    const answeredMs = options.now()
    if ('problem' in answer) {
      return fail(`${model}: ${answer.problem}`, {
        meaning: 'The frontend took the request, and no whole answer came.',
        cures: [type('See what the frontend says of its workers:', `curl -s ${rootOf(examination)}/health`)],
        consequence: 'agents get no answers',
      })
    }
    if (answer.status !== 200) return explainRefusal(answer, { model, root: rootOf(examination) })
    facts.requestSent = { sentMs, answeredMs }
    return ok(`${model} answered a request with identity and hints in ${formatDuration(answeredMs - sentMs)}`)
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
      body: JSON.stringify({
        model,
        max_tokens: 1,
        messages: [{ role: 'user', content: 'Say yes.' }],
        ...(nvext && { nvext }),
      }),
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (timeout.aborted) return { problem: `no answer within ${formatDuration(options.timeoutMs * PATIENCE)}` }
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function explainRefusal({ status, text }: Answer, { model, root }: { model: string; root: string }): Observation {
  const seen = `${model} answered ${status}: ${wordsOf(text)}`
  if (status >= 500) {
    return fail(seen, {
      meaning: 'The fault is on the side of the frontend or of its workers.',
      cures: [type('See what the frontend says of its workers:', `curl -s ${root}/health`)],
      consequence: 'agents get no answers',
    })
  }
  const plain = JSON.stringify({ model, max_tokens: 1, messages: [{ role: 'user', content: 'Say yes.' }] })
  return fail(seen, {
    meaning: 'The frontend refuses what agents send.',
    cures: [
      type(
        'To see whether it serves a request without identity and hints:',
        `curl -s ${root}/v1/chat/completions -H 'content-type: application/json' -d ${quote(plain)}`,
      ),
    ],
    consequence: 'agents get no answers',
  })
}

/** The first line of what a server says, whatever form it has. */
function wordsOf(text: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text
  return message.trim().split('\n', 1)[0]?.slice(0, 300) ?? ''
}

function rootOf({ settings }: Examination): string {
  return settings.baseUrl.replace(/\/v1$/, '')
}
