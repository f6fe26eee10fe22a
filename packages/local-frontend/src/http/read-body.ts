// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http'

/** Why a body did not arrive whole. */
export type BodyProblem = 'too-large' | 'aborted'

/**
 * Reads a request's body, never keeping more than the limit in memory. What
 * is left of a body that is too large is read and thrown away, because a
 * client that is cut off while it sends does not see the answer.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | BodyProblem> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = Number(request.headers['content-length'] ?? 0) > maxBytes ? Infinity : 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= maxBytes) pieces.push(piece)
      else refuse()
    })
    request.once('end', () => {
      resolve(Buffer.concat(pieces))
    })
    request.once('close', () => {
      resolve('aborted')
    })
    if (bytes > maxBytes) refuse()

    function refuse(): void {
      pieces.length = 0
      resolve('too-large')
    }
  })
}
