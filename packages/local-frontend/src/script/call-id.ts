// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'

/** Where in a script a tool call was asked for. */
export interface CallOrigin {
  readonly conversation: string
  /** Counted from 0. */
  readonly turn: number
}

/**
 * The id of a scripted tool call, `call-<uuid>` as real ones (measured on
 * Dynamo 1.6.1). The same inputs give the same id, so a retry is answered as
 * the first try was. The uuid is one of version 8, whose fields are free: the
 * first names the conversation and the second counts the turn. That is how a
 * conversation finds its place again after a harness has compacted it.
 *
 * @param seed Whatever else sets this call apart: its index and what was said before.
 */
export function createCallId(origin: CallOrigin, seed: string): string {
  const digest = hexDigest(JSON.stringify([origin.conversation, origin.turn, seed]))
  return [
    `call-${conversationField(origin.conversation)}`,
    turnField(origin.turn),
    `8${digest.slice(0, 3)}`,
    `8${digest.slice(3, 6)}`,
    digest.slice(6, 18),
  ].join('-')
}

/**
 * Which turn of which conversation a tool call comes from.
 *
 * @param conversations The names that the script has.
 * @returns undefined for an id that is not from this script.
 */
export function readCallOrigin(id: string, conversations: readonly string[]): CallOrigin | undefined {
  // Not anchored at the end: hosts cut long ids, which the fields read here survive.
  const match = /^call-([0-9a-f]{8})-([0-9a-f]{4})-8/.exec(id)
  const conversation = conversations.find((name) => conversationField(name) === match?.[1])
  return match?.[2] === undefined || conversation === undefined
    ? undefined
    : { conversation, turn: Number.parseInt(match[2], 16) }
}

function conversationField(name: string): string {
  return hexDigest(name).slice(0, 8)
}

function turnField(turn: number): string {
  return (turn & 0xffff).toString(16).padStart(4, '0')
}

function hexDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
