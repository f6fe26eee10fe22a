// SPDX-License-Identifier: Apache-2.0

/**
 * Longest id in bytes. Dynamo records any length, but with session affinity
 * on it refuses 257 bytes with HTTP 400 (measured on 1.3.1 to 1.6.1).
 */
export const MAX_ID_BYTES = 256

/** Why a value cannot be an id. */
export type IdProblem = 'not-a-string' | 'empty' | 'too-long' | 'not-visible-ascii'

/**
 * Checks one id: visible ASCII (0x21 to 0x7e), 1 to 256 bytes.
 *
 * Dynamo trims header values and treats a non-ASCII one as absent, so such an
 * id would silently lose its requests (measured on 1.3.1 to 1.6.1).
 *
 * @returns The problem, or undefined when the id is good.
 */
export function findIdProblem(value: unknown): IdProblem | undefined {
  if (typeof value !== 'string') return 'not-a-string'
  if (value === '') return 'empty'
  if (!/^[\x21-\x7e]+$/.test(value)) return 'not-visible-ascii'
  if (value.length > MAX_ID_BYTES) return 'too-long'
  return undefined
}

/**
 * Turns any string into a good id. The same input always gives the same id,
 * and two inputs that differ only in what had to be replaced stay different,
 * because the id ends in a hash of the original.
 *
 * @returns The value itself when it is good already.
 */
export function toSafeId(value: string): string {
  if (findIdProblem(value) === undefined) return value
  const suffix = `~${fnv1a64(value)}`
  const readable = value.trim().replace(/[^\x21-\x7e]+/g, '_')
  return (readable || 'id').slice(0, MAX_ID_BYTES - suffix.length) + suffix
}

/** 64-bit FNV-1a over UTF-16 code units, as 16 hexadecimal digits. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}
