// SPDX-License-Identifier: Apache-2.0
import type { Answer } from '../script/script.ts'

/** One piece of an answer, as one event of a stream carries it. */
export type Delta =
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool-call'; readonly index: number; readonly call: Answer['toolCalls'][number] }

export interface PacedDelta {
  readonly delta: Delta
  /** Output tokens that it took to generate. */
  readonly tokens: number
}

/** About one token, because the first piece comes as soon as there is a token; later ones have about four. */
const firstPiece = /^[^]{1,4}/u
const laterPieces = /[^]{1,16}/gu

/**
 * Cuts an answer into the pieces in which it is streamed and spreads its
 * output tokens over them by length. A tool call is one piece: Dynamo's
 * parser holds it back until it is whole.
 */
export function paceAnswer(answer: Answer): PacedDelta[] {
  const deltas: Delta[] = [
    ...cut(answer.reasoning).map((text): Delta => ({ kind: 'reasoning', text })),
    ...cut(answer.text).map((text): Delta => ({ kind: 'text', text })),
    ...answer.toolCalls.map((call, index): Delta => ({ kind: 'tool-call', index, call })),
  ]
  const lengths = deltas.map(lengthOf)
  const whole = lengths.reduce((sum, length) => sum + length, 0)
  let characters = 0
  let tokensBefore = 0
  return deltas.map((delta, index) => {
    characters += lengths[index] ?? 0
    const tokensSoFar = Math.max(1, Math.round((answer.outputTokens * characters) / whole))
    const tokens = tokensSoFar - tokensBefore
    tokensBefore = tokensSoFar
    return { delta, tokens }
  })
}

/** By code points, so that no character is torn. */
function cut(text: string): string[] {
  const first = firstPiece.exec(text)?.[0]
  return first === undefined ? [] : [first, ...(text.slice(first.length).match(laterPieces) ?? [])]
}

function lengthOf(delta: Delta): number {
  return delta.kind === 'tool-call' ? delta.call.name.length + delta.call.arguments.length : delta.text.length
}
