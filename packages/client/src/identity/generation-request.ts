// SPDX-License-Identifier: Apache-2.0

type FetchArguments = Parameters<typeof globalThis.fetch>

/** A request for a generation, with the parts of it that carry identity. */
export interface GenerationRequest {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
  /** JSON, as far as its first character tells. */
  readonly body: string
}

/** The paths where Dynamo reads identity: chat, legacy completions, responses. */
const generationPath = /\/(?:completions|responses)\/?$/

/**
 * @returns undefined for everything else: other paths and methods, and bodies
 * that are no JSON text, such as streams and those inside a Request.
 */
export function readGenerationRequest([input, init]: FetchArguments): GenerationRequest | undefined {
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : ''
  if (init === undefined || !URL.canParse(url) || !generationPath.test(new URL(url).pathname)) return undefined
  const { body, method } = init
  if (typeof body !== 'string' || !/^\s*\{/.test(body) || method?.toUpperCase() !== 'POST') return undefined
  return { url, init, headers: new Headers(init.headers), body }
}
