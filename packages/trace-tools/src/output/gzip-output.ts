// SPDX-License-Identifier: Apache-2.0
import { createGzip } from 'node:zlib'
import type { Output } from './output.ts'

/** Timelines compress to a third at any level; higher ones take several times as long for a few percent more. */
const LEVEL = 3

/** Compresses what goes to an output, in another thread as zlib does it. */
export function gzipOutput(output: Output): Output {
  const gzip = createGzip({ level: LEVEL, chunkSize: 1 << 18 })
  const written = pump()
  // Whoever writes or finishes next hears of it.
  written.catch(() => undefined)

  async function pump(): Promise<void> {
    for await (const piece of gzip as AsyncIterable<Uint8Array>) await output.write(piece)
  }

  return {
    async write(piece) {
      await Promise.race([written, compressed(piece)])
    },
    taken: () => output.taken(),
    async finish() {
      gzip.end()
      await written
      await output.finish()
    },
    discard() {
      gzip.destroy()
      return output.discard()
    },
  }

  /** What fails is told by the pump. */
  function compressed(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      gzip.write(piece, () => {
        resolve()
      })
    })
  }
}
