// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson, type RequestIdentity } from '@dynamo-agent/core'
import { fieldsOf, isFields, parseLoosely, type Fields } from '../loose-json.ts'

type IdentityNvext = RequestIdentity['nvext']

/**
 * Puts identity and hints into a request body; what the body says already
 * stays. New to the body they go in front of its other keys, where
 * addNvextToText finds them at once should it meet them again.
 */
export function addNvext(body: unknown, nvext: IdentityNvext): unknown {
  if (nvext === undefined || !isFields(body)) return body
  const existing = fieldsOf(body.nvext)
  const hints = { ...nvext.agent_hints, ...fieldsOf(existing.agent_hints) }
  const merged = { ...nvext, ...existing, ...(Object.keys(hints).length > 0 && { agent_hints: hints }) }
  return 'nvext' in body ? { ...body, nvext: merged } : { nvext: merged, ...body }
}

/**
 * The same for a body that is JSON text. One that has no `nvext` gets it in
 * front of its other keys, and one that has this very `nvext` stays. Neither
 * is parsed or written anew: a long conversation is a megabyte, and every
 * number in it stays as it was. Neither mark can match inside a JSON string,
 * where each quote is preceded by a backslash.
 *
 * @param own Gives the `agent_context` of the same identity. Found in the
 * body, it is left out first: whoever put it there did not know the dialect.
 */
export function addNvextToText(text: string, nvext: IdentityNvext, own: () => unknown): string {
  if (!text.includes('"nvext"')) {
    if (nvext === undefined) return text
    return text.replace(/^(\s*\{)(\s*\})?/, (_, open: string, close?: string) => {
      return `${open}"nvext":${JSON.stringify(nvext)}${close ?? ','}`
    })
  }
  if (nvext !== undefined && text.includes(`"nvext":${JSON.stringify(nvext)}`)) return text
  const body = parseLoosely(text)
  if (!isFields(body)) return text
  const added = addNvext(withoutContext(body, own), nvext)
  return added === body ? text : stringifyExactJson(added)
}

function withoutContext(body: Fields, own: () => unknown): Fields {
  const { agent_context: given, ...others } = fieldsOf(body.nvext)
  if (given === undefined || stringifyExactJson(given) !== stringifyExactJson(own())) return body
  const { nvext: _nvext, ...rest } = body
  return Object.keys(others).length > 0 ? { ...rest, nvext: others } : rest
}
