// SPDX-License-Identifier: Apache-2.0
import { listModels } from '@dynamo-agent/client'
import { DynamoAgentError } from '@dynamo-agent/core'
import type { Examination } from '../examination.ts'
import { setVariables, type, type Cure, type Explanation } from '../finding.ts'
import { findListener } from '../listener.ts'
import { quote } from '../shell.ts'
import { curlModels } from './curl.ts'
import { findFrontend } from './find-frontend.ts'

const agentShell = 'In the shell of your agent:'
const address = type(agentShell, 'export DYNAMO_BASE_URL=http://HOST:PORT/v1')
const elsewhere = { ...address, instruction: 'Where it listens elsewhere, in the shell of your agent:' }

/** What is meant by the codes of Node and OpenSSL, and by the names of undici's errors. */
const explanations: readonly { readonly codes: RegExp; readonly explain: Explain }[] = [
  { codes: /^(ENOTFOUND|EAI_AGAIN)$/, explain: explainNoHost },
  { codes: /^HTTPParserError$/, explain: () => ['Something listens there that does not speak HTTP.', address] },
  { codes: /^bad port$/, explain: explainBadPort },
  { codes: /^(EPROTO|ERR_SSL_.*)$/, explain: explainNoTls },
  { codes: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/, explain: explainUntrusted },
  { codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/, explain: explainOtherName },
  { codes: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, explain: explainExpired },
  { codes: /^(ECONNRESET|UND_ERR_SOCKET)$/, explain: explainHangUp },
  { codes: /^TimeoutError$/, explain: explainTimeOut },
  { codes: /^Error$/, explain: explainNoWord },
]

interface Silence {
  readonly url: URL
  readonly problem: DynamoAgentError
  readonly examination: Examination
}

type Explain = (silence: Silence) => Meant | Promise<Meant>
type Meant = readonly [meaning: string, ...cures: Cure[]]

/** Why nobody answers at the base URL. */
export async function explainSilence(problem: DynamoAgentError, examination: Examination): Promise<Explanation> {
  const silence = { url: new URL(examination.settings.baseUrl), problem, examination }
  const code = codeOf(problem)
  const { explain = explainNobody } = explanations.find(({ codes }) => codes.test(code)) ?? {}
  const [meaning, ...cures] = await explain(silence)
  return { meaning, cures, consequence: 'no request can be made' }
}

/** A frontend that listens at 0.0.0.0, as it does by default, is not found at ::1. */
async function explainNobody({ url, examination }: Silence): Promise<Meant> {
  const isLoopback6 = url.hostname === '[::1]'
  const found = isLoopback6 ? await findFrontend([withHost(url, '127.0.0.1')], examination) : undefined
  if (found !== undefined) {
    return [`The frontend listens at ${new URL(found).host}.`, setVariables(agentShell, { DYNAMO_BASE_URL: found })]
  }
  const host = isLoopback6 ? ' --http-host ::1' : ''
  return [
    'The frontend does not run, or listens elsewhere.',
    type(
      `Start it on ${url.hostname}, with a worker beside it:`,
      `python3 -m dynamo.frontend${host} --http-port ${portOf(url)}`,
    ),
    elsewhere,
  ]
}

async function explainTimeOut({ url, examination }: Silence): Promise<Meant> {
  const listener = await findListener(`tcp://${url.hostname}:${portOf(url)}`, 1000)
  if (listener.kind === 'nobody') {
    return ['Nothing comes back from there: the machine is off, or a firewall drops what is sent.', elsewhere]
  }
  return [
    'It takes connections and does not answer: it is overloaded, or hangs.',
    type('Start it again, and wait until this is answered:', curlModels(examination)),
    elsewhere,
  ]
}

async function explainHangUp({ url, examination }: Silence): Promise<Meant> {
  const secure = withScheme(url, 'https:')
  if (url.protocol === 'http:' && (await speaksTls(secure, examination))) {
    return ['It speaks TLS, so its address begins with https.', setVariables(agentShell, { DYNAMO_BASE_URL: secure })]
  }
  return ['Something listens there and hangs up: it speaks another protocol, or has just ended.', address]
}

/** Whoever shows a certificate does, even one that is not trusted. */
async function speaksTls(baseUrl: string, { settings, options }: Examination): Promise<boolean> {
  const { fetch, timeoutMs, signal } = options
  try {
    await listModels({ baseUrl, apiKey: settings.apiKey, fetch, timeoutMs, signal })
    return true
  } catch (error) {
    if (!DynamoAgentError.isInstance(error)) throw error
    return error.code !== 'DYN_HTTP_UNREACHABLE' || /CERT|SIGNATURE/.test(codeOf(error))
  }
}

function explainNoHost({ url }: Silence): Meant {
  return [`No host is known by the name ${url.hostname}.`, address]
}

/** fetch keeps away from ports of other protocols, by a list of its standard. */
function explainBadPort({ url }: Silence): Meant {
  return [`No client asks at port ${url.port}, which belongs to another protocol.`, address]
}

function explainNoWord({ examination }: Silence): Meant {
  return [
    'Something on the way answers in place of the frontend.',
    type('To see what:', `${curlModels(examination)} -i`),
    elsewhere,
  ]
}

function explainNoTls({ url }: Silence): Meant {
  return [
    'It does not speak TLS, so its address begins with http.',
    setVariables(agentShell, { DYNAMO_BASE_URL: withScheme(url, 'http:') }),
  ]
}

function explainUntrusted(): Meant {
  return [
    'Nobody whom Node trusts has signed its certificate.',
    type(
      'In the shell of your agent, with the certificate, or that of who signed it, in a PEM file:',
      'export NODE_EXTRA_CA_CERTS=FILE',
    ),
  ]
}

function explainOtherName({ url, problem }: Silence): Meant {
  const { cert } = rootOf(problem) as { readonly cert?: { readonly subjectaltname?: string } }
  const entries = (cert?.subjectaltname ?? '').split(', ')
  const names = entries.flatMap((entry) => /^(?:DNS|IP Address):([^*]+)$/.exec(entry)?.[1] ?? [])
  const [name] = names
  return [
    `Its certificate is for ${names.length > 0 ? names.join(', ') : 'another name'}.`,
    name === undefined ? address : setVariables(agentShell, { DYNAMO_BASE_URL: withHost(url, name) }),
  ]
}

function explainExpired({ url }: Silence): Meant {
  const server = quote(`${url.hostname}:${portOf(url)}`)
  return [
    "Its certificate is not valid today, or this machine's clock is wrong.",
    type(
      'To see from when to when it is valid:',
      `openssl s_client -connect ${server} </dev/null | openssl x509 -noout -dates; date`,
    ),
  ]
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port
}

function withScheme(url: URL, protocol: 'http:' | 'https:'): string {
  return protocol + url.href.slice(url.protocol.length)
}

function withHost(url: URL, host: string): string {
  const other = new URL(url)
  other.hostname = host.includes(':') ? `[${host}]` : host
  return other.href
}

/** The code of what happened, such as ECONNREFUSED, or else its name; fetch's own refusal has neither. */
function codeOf(error: Error): string {
  const root = rootOf(error)
  if ('code' in root && typeof root.code === 'string') return root.code
  return root.message === 'bad port' ? root.message : root.name
}

/** What happened, of several addresses at the first. */
function rootOf(error: Error): Error {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  if (first instanceof Error) return rootOf(first)
  return error.cause instanceof Error ? rootOf(error.cause) : error
}
