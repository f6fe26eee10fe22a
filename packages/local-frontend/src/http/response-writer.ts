// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http'

/** Writes to a client no faster than it reads. */
export interface ResponseWriter {
  /**
   * Resolves when the client can take more. After the client is gone it
   * resolves at once and what is written is lost.
   */
  write(data: string | Buffer): Promise<void>
}

/**
 * @param stallTimeoutMs A client that takes nothing for so long is cut off:
 * one that stopped reading must not keep its generation, and with it a worker,
 * for ever.
 */
export function createResponseWriter(response: ServerResponse, stallTimeoutMs: number): ResponseWriter {
  return {
    async write(data) {
      if (response.destroyed || response.write(data)) return
      await drained(response, stallTimeoutMs)
    },
  }
}

function drained(response: ServerResponse, stallTimeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      response.off('drain', done).off('close', done)
      resolve()
    }
    const timer = setTimeout(() => response.destroy(), stallTimeoutMs).unref()
    response.once('drain', done).once('close', done)
  })
}
