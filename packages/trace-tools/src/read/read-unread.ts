// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import { LINE_FEED, type Block, type UnreadBytes } from './block.ts'
import { unreadable } from './inputs.ts'

/**
 * Reads a block that was left unread, from its beginning. A file that was cut
 * or written anew since then may end in the middle of a line there: it gets a
 * line end, so that it counts as a broken row.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND`.
 */
export function readUnread({ bytes, end }: Block, { fd, path, offset }: UnreadBytes): Block {
  let length = 0
  try {
    while (length < end) {
      const bytesRead = readSync(fd, bytes, length, end - length, offset + length)
      if (bytesRead === 0) break
      length += bytesRead
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
  if (length === 0 || bytes[length - 1] === LINE_FEED) return { bytes, start: 0, end: length }
  bytes[length] = LINE_FEED
  return { bytes, start: 0, end: length + 1 }
}
