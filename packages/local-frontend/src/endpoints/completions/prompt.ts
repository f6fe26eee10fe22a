// SPDX-License-Identifier: Apache-2.0

/** What a completion goes on from: text or token ids, one of them or a batch. */
export type Prompt = string | readonly string[] | readonly number[] | readonly (readonly number[])[]

export function isPrompt(value: unknown): value is Prompt {
  if (!Array.isArray(value)) return typeof value === 'string'
  const items = value as readonly unknown[]
  const areTexts = items.every((item) => typeof item === 'string')
  return areTexts || isTokens(items) || items.every((item) => Array.isArray(item) && isTokens(item))
}

/** Each prompt of a batch as text. */
export function promptTexts(prompt: Prompt): string[] {
  if (typeof prompt === 'string') return [prompt]
  if (isTokens(prompt)) return [tokensText(prompt)]
  return prompt.map((item) => (typeof item === 'string' ? item : tokensText(item)))
}

/** How many of them there are. */
export function countPrompts(prompt: Prompt): number {
  return typeof prompt === 'string' || isTokens(prompt) ? 1 : prompt.length
}

/** What is wrong with a prompt of the right type. */
export function findPromptProblem(prompt: Prompt): string | undefined {
  if (prompt === '') return 'Prompt string cannot be empty'
  if (typeof prompt === 'string') return undefined
  if (prompt.length === 0) return 'Prompt string array cannot be empty'
  const index = prompt.findIndex((item) => typeof item !== 'number' && item.length === 0)
  if (index === -1) return undefined
  return `Prompt ${typeof prompt[index] === 'string' ? 'string' : 'integer array'} at index ${index} cannot be empty`
}

const MAX_U32 = 2 ** 32 - 1

function isTokens(items: readonly unknown[]): items is readonly number[] {
  return items.every((item) => Number.isInteger(item) && (item as number) >= 0 && (item as number) <= MAX_U32)
}

const FIRST_PLANE = 0x10000
const PLANES = 0x100000

/**
 * Token ids stand for words that nobody here knows. Each becomes one character
 * outside of the basic plane, which counts as one token and is the same for
 * the same id, so that lengths and shared beginnings are right.
 */
function tokensText(tokens: readonly number[]): string {
  return tokens.map((token) => String.fromCodePoint(FIRST_PLANE + (token % PLANES))).join('')
}
