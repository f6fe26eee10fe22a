// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs'
import type { Block, UnreadBytes } from './block.ts'
import { unreadable } from './inputs.ts'

const LINE_FEED = 0x0a

/**
 * Reads a block that was left unread. Of a file that has become shorter since
 * then, what is there up to its last line end.
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
  return { bytes, start: 0, end: length === end ? end : bytes.subarray(0, length).lastIndexOf(LINE_FEED) + 1 }
}
