// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../call-hash.ts'
import { FinishCursor } from '../finish-cursor.ts'
import type { RowColumns } from './row-columns.ts'
import { skipValue } from './skip-value.ts'
import type { Text } from './text.ts'
import { TextPiece } from './text-piece.ts'

const QUOTE = 0x22

/** Quotes inside of a JSON string are escaped, so this stands before ids and nowhere else. */
const ID_KEY = '"id":"'

/** Combinations of reasons and tool names are some hundreds; a damaged trace may have any number. */
const MAX_PIECES = 8192

/** Integers that are exact in a double: it makes no difference how the text is parsed. */
const exactIntegers = { exactIntegers: true }

/** A piece of texts up to an id or to their end, and what has been seen to follow. */
interface Node {
  readonly piece: TextPiece
  readonly next: Node[]
  /** Number of the texts that end here; 0 before an id. */
  readonly shape: number
}

/**
 * Reads `finish_reason_metadata`. Almost all of its texts differ in the ids of
 * tool calls only, so one that is like another is found again as a path along
 * the pieces between the ids: that takes a fraction of the time of following
 * the JSON, and the ids are known on the way.
 */
export class FinishShapes {
  readonly #first: Node[] = []
  readonly #hash = new CallHash()
  readonly #cursor = new FinishCursor()
  #pieces = 0
  #shapes = 0

  /** Reads the value that stands here into the row that is filled; see skipValue for what is returned. */
  read(columns: RowColumns, start: number): number {
    const known = this.#find(columns, start)
    if (known > 0) return known
    columns.forgetCalls()
    const end = skipValue(columns.text, start, exactIntegers)
    if (end > 0) {
      columns.setFinish(start, end, 0)
      this.#learn(columns.text, start, end)
    }
    return end
  }

  /** @returns The place behind a text that is like another one; 0 for any other. */
  #find(columns: RowColumns, start: number): number {
    const { text } = columns
    let nodes = this.#first
    let at = start
    for (;;) {
      const node = choose(nodes, text, at)
      if (node === undefined) return 0
      at += node.piece.length
      if (node.shape !== 0) {
        columns.setFinish(start, at, node.shape)
        return at
      }
      const idEnd = text.skipPlain(at)
      if (text.bytes[idEnd] !== QUOTE) return 0
      columns.addCall(this.#hash.ofBytes(text.view, at, idEnd - at))
      at = idEnd
      nodes = node.next
    }
  }

  #learn(text: Text, start: number, end: number): void {
    const { bytes } = text
    if (this.#pieces >= MAX_PIECES || !this.#isRegular(bytes, start, end)) return
    const until = bytes.subarray(0, end)
    let nodes = this.#first
    for (let at = start; at < end; ) {
      const key = until.indexOf(ID_KEY, at)
      const after = key === -1 ? end : key + ID_KEY.length
      let node = choose(nodes, text, at)
      if (node === undefined) {
        const shape = key === -1 ? ++this.#shapes : 0
        node = { piece: new TextPiece(bytes.subarray(at, after)), next: [], shape }
        nodes.push(node)
        this.#pieces++
      }
      at = key === -1 ? end : until.indexOf(QUOTE, after)
      nodes = node.next
    }
  }

  /** Whether the ids in a text are those of its tool calls, which are as Dynamo writes them. */
  #isRegular(bytes: Buffer, start: number, end: number): boolean {
    const ids = this.#listIds(bytes, start, end)
    if (ids === undefined) return false
    const json = bytes.toString('utf8', start, end)
    const { tool_calls: calls = [] } = JSON.parse(json) as { readonly tool_calls?: unknown }
    return (
      Array.isArray(calls) &&
      calls.length === ids.length &&
      calls.every((call: { readonly id?: unknown } | null, index) => call?.id === ids[index]) &&
      json.split(ID_KEY).length === ids.length + 1
    )
  }

  /** The ids of calls that are as Dynamo writes them; undefined where some are not. */
  #listIds(bytes: Buffer, start: number, end: number): readonly string[] | undefined {
    const cursor = this.#cursor
    const ids: string[] = []
    if (!cursor.enter(bytes, start, end)) return ids
    for (;;) {
      const isLast = cursor.next()
      if (isLast === undefined) return undefined
      ids.push(bytes.toString('utf8', cursor.idStart, cursor.idEnd))
      if (isLast) return ids
    }
  }
}

/** None of the pieces that may stand at one place begins with another one. */
function choose(nodes: readonly Node[], { view }: Text, at: number): Node | undefined {
  for (const node of nodes) if (node.piece.standsAt(view, at)) return node
  return undefined
}
