// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { constants, createGunzip, type Gunzip } from 'node:zlib'

/** What became known about the compressed data. */
export interface GunzipReport {
  gzip: boolean
  end: 'whole' | 'torn' | 'corrupt'
}

const OUTPUT_CHUNK_BYTES = 256 * 1024

/**
 * Passes bytes on, inflated if they are gzip data: their content decides, not
 * a name. Reads all members of a file, as Dynamo's sink appends one with each
 * flush, and gives everything that is there of a last one that was cut, as a
 * killed frontend leaves it. Never throws for what the data are.
 *
 * @param report Filled in while reading.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  report: GunzipReport,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const head = await readHead(source)
    report.gzip = head[0] === 0x1f && head[1] === 0x8b
    const rest = concatenate(head, source)
    yield* report.gzip ? inflate(rest, report) : rest
  } finally {
    await source.return?.()
  }
}

/** The first two bytes at least: a pipe may give them one by one. */
async function readHead(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const next = await source.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* concatenate(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
}

/**
 * A stream that fails throws away what it has not handed over yet, so the
 * inflated bytes are taken as they come, and the end of the data, where zlib
 * finds out that they were cut, is only given to it once all of them are here.
 */
async function* inflate(chunks: AsyncIterable<Uint8Array>, report: GunzipReport): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: OUTPUT_CHUNK_BYTES })
  let inflated: Uint8Array[] = []
  let failure: Error | undefined
  stream.on('data', (chunk: Uint8Array) => inflated.push(chunk))
  stream.on('error', (error) => (failure = error))
  const take = (): Uint8Array[] => {
    const taken = inflated
    inflated = []
    return taken
  }
  try {
    for await (const chunk of chunks) {
      await orClosed(stream, (done) => stream.write(chunk, done))
      yield* take()
      if (failure !== undefined) break
    }
    await orClosed(stream, (done) => {
      stream.flush(constants.Z_SYNC_FLUSH, done)
    })
    await setImmediate()
    yield* take()
    await orClosed(stream, () => stream.end())
    yield* take()
    if (failure !== undefined) report.end = isCut(failure) ? 'torn' : 'corrupt'
  } finally {
    stream.destroy()
  }
}

/** Waits for one step of a stream; one that fails forgets whom it should call, but always closes. */
function orClosed(stream: Gunzip, step: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) {
      resolve()
      return
    }
    const done = (): void => {
      stream.off('close', done)
      resolve()
    }
    stream.once('close', done)
    step(done)
  })
}

function isCut(error: Error): boolean {
  return 'code' in error && error.code === 'Z_BUF_ERROR'
}
