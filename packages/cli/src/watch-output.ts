// SPDX-License-Identifier: Apache-2.0
import type { Writable } from 'node:stream'
import { DynamoAgentError } from '@dynamo-agent/core'

/**
 * Has the command end where its text can no longer be written, as on a full disk.
 *
 * A reader that goes away (`… | head`, or a terminal that is closed) is no fault
 * of anybody's. Who needs to know that its output is no longer read sees it in
 * the write's own result.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, where nobody waits for it.
 */
export function watchOutput(stream: Writable, name: string): void {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE' || cause.code === 'EIO') return
    throw new DynamoAgentError({
      code: 'DYN_OUTPUT_UNWRITABLE',
      message: `cannot write ${name}`,
      advice: 'Send it to a file on a disk that has room for it.',
      cause,
    })
  })
}
