// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type DialectName } from '@dynamo-agent/core'
import { getText, postText, requireBaseUrl, type FrontendOptions, type TextAnswer } from '../get-text.ts'
import { fieldsOf, parseLoosely, readText } from '../loose-json.ts'
import { agentContextProbe, mistypesAgentContext, refusesAgentContext } from './agent-context-answers.ts'
import type { Detection, DetectionStep } from './detection.ts'

/** `timeoutMs` holds for each of the two questions. */
export type DetectGenerationOptions = FrontendOptions

/**
 * Finds out which generation of Dynamo a frontend is, with neither inference
 * nor harm to any server.
 *
 * First `GET /openapi.json` at the server's root, whose title and version name
 * Dynamo and its release. Where that tells nothing, because a gateway shows
 * `/v1` alone, or too little, because it is a build between two releases, a
 * chat completion that every Dynamo refuses while reading it: 1.2 and later
 * ones do so in different words. Where that tells nothing either, the dialect
 * is session headers. (All measured on 1.2.1 to 1.6.1.)
 *
 * A server that cannot be reached or is no Dynamo is an answer, not an error.
 *
 * @throws DynamoAgentError `DYN_INVALID_OPTION` when `baseUrl` is no http
 * address. When the caller aborts, the signal's own reason.
 */
export async function detectGeneration(options: DetectGenerationOptions): Promise<Detection> {
  const baseUrl = requireBaseUrl(options)
  const steps: DetectionStep[] = []

  const documentUrl = `${baseUrl.replace(/\/v1$/, '')}/openapi.json`
  const document = await reach(() => getText(documentUrl, options))
  const release = readRelease(document)
  steps.push({ request: `GET ${documentUrl}`, ...seenIn(document, release && `NVIDIA Dynamo ${release}`) })
  if (release !== undefined && !isBetweenReleases(release)) {
    return { by: 'openapi', dialect: dialectOf(release), release, steps }
  }
  if (!('text' in document)) return { by: 'unknown', dialect: 'session-headers', transient: true, steps }

  const probeUrl = `${baseUrl}/chat/completions`
  const refusal = await reach(() => postText(probeUrl, { body: agentContextProbe }, options))
  const dialect = readRefusal(refusal)
  const told = dialect && `the refusal of a Dynamo that speaks ${dialect}`
  steps.push({ request: `POST ${probeUrl}`, ...seenIn(refusal, told) })
  if (release !== undefined) return { by: 'openapi', dialect: dialect ?? dialectOf(release), release, steps }
  if (dialect !== undefined) return { by: 'probe', dialect, steps }
  const transient = steps.some(({ status }) => status === undefined || status >= 500)
  return { by: 'unknown', dialect: 'session-headers', transient, steps }
}

async function reach(question: () => Promise<TextAnswer>): Promise<TextAnswer | DynamoAgentError> {
  try {
    return await question()
  } catch (error) {
    if (DynamoAgentError.isInstance(error)) return error
    throw error
  }
}

/** The release that Dynamo's OpenAPI document names. Those of other servers can be huge and are not parsed. */
function readRelease(document: TextAnswer | DynamoAgentError): string | undefined {
  if (!('text' in document) || !document.ok || !document.text.includes('NVIDIA Dynamo')) return undefined
  const { title, version } = fieldsOf(fieldsOf(parseLoosely(document.text)).info)
  const release = readText(version)
  const isDynamo = readText(title)?.includes('NVIDIA Dynamo') === true
  return isDynamo && release !== undefined && /^\d+\.\d+/.test(release) ? release : undefined
}

/** Its number does not tell which generation a build speaks: 1.3.0-dev.1 still took identity in the body. */
function isBetweenReleases(release: string): boolean {
  return !/^\d+\.\d+\.\d+$/.test(release)
}

/** Dynamo 1.2 alone takes identity in the body: earlier ones ignore it there, later ones refuse it. */
function dialectOf(release: string): DialectName {
  return /^1\.2(?!\d)/.test(release) ? 'agent-context-body' : 'session-headers'
}

function readRefusal(refusal: TextAnswer | DynamoAgentError): DialectName | undefined {
  if (!('text' in refusal) || refusal.status !== 400) return undefined
  if (refusesAgentContext(refusal.text)) return 'session-headers'
  return mistypesAgentContext(refusal.text) ? 'agent-context-body' : undefined
}

function seenIn(answer: TextAnswer | DynamoAgentError, told: string | undefined): Omit<DetectionStep, 'request'> {
  if (!('text' in answer)) return { seen: answer.message }
  return { status: answer.status, seen: told ?? 'nothing that tells a Dynamo' }
}
