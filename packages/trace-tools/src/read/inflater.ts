// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { constants, createGunzip, type Gunzip } from 'node:zlib'

/** Inflates gzip members, one after the other, and keeps every byte that comes before damage. */
export interface Inflater {
  /** @returns How many of the bytes were taken before damage; all of them where there is none. */
  write(bytes: Uint8Array): Promise<number>
  /** @returns Whether the last member is whole. */
  end(): Promise<boolean>
  /** Whether it takes no more because of zeros after a whole member, and not because of damage. */
  isPadded(): boolean
  /** What was inflated since the last call. */
  take(): readonly Uint8Array[]
  close(): void
}

/**
 * A zlib stream that fails throws away all that it has inflated of the bytes
 * given to it last, and its state can neither be copied nor taken back. So a
 * second one follows one piece behind; where the first one fails, the second
 * one is given the failed piece byte by byte and hands over what it inflates
 * as it goes. Both work at the same time, in threads of their own.
 */
export function createInflater(): Inflater {
  const leader = createStep()
  const follower = createStep()
  let behind: Uint8Array | undefined
  let inflated: readonly Uint8Array[] = []

  return {
    async write(bytes) {
      await Promise.all([leader.write(bytes), behind && follower.write(behind)])
      follower.take()
      behind = leader.failed() ? undefined : bytes
      if (behind !== undefined) {
        inflated = leader.take()
        return bytes.length
      }
      let taken = 0
      while (taken < bytes.length) {
        await follower.write(bytes.subarray(taken, taken + 1))
        if (follower.failed()) break
        taken++
      }
      inflated = follower.take()
      return taken
    },
    async end() {
      await leader.end()
      inflated = leader.take()
      return !leader.failed()
    },
    isPadded: () => follower.isPadded(),
    take() {
      const taken = inflated
      inflated = []
      return taken
    },
    close() {
      leader.close()
      follower.close()
    },
  }
}

/** Whether bytes that begin with a header make sense so far. */
export async function canInflate(bytes: Uint8Array): Promise<boolean> {
  const step = createStep()
  await step.write(bytes)
  step.close()
  return !step.failed()
}

/** A zlib stream that is used step by step. */
function createStep() {
  const stream = createGunzip({ chunkSize: 256 * 1024 })
  let inflated: Uint8Array[] = []
  let failed = false
  let padded = false
  let ending = false
  stream.on('data', (chunk: Uint8Array) => inflated.push(chunk))
  stream.on('error', () => (failed = true))
  // It ends by itself at zeros after a member.
  stream.on('end', () => (padded = !ending))
  return {
    failed: () => failed || padded,
    isPadded: () => padded,
    write: (bytes: Uint8Array) => settled(stream, (done) => stream.write(bytes, done)),
    /** The end, where zlib finds out that the data were cut, is only told to it once all that was inflated is here. */
    async end() {
      await settled(stream, (done) => {
        stream.flush(constants.Z_SYNC_FLUSH, done)
      })
      await setImmediate()
      ending = true
      await settled(stream, () => stream.end())
    },
    take() {
      const taken = inflated
      inflated = []
      return taken
    },
    close: () => stream.destroy(),
  }
}

/** Waits for one step of a stream; one that fails or ends forgets whom it should call. */
function settled(stream: Gunzip, step: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed || stream.readableEnded) {
      resolve()
      return
    }
    const done = (): void => {
      stream.off('close', done)
      stream.off('end', done)
      resolve()
    }
    stream.once('close', done)
    stream.once('end', done)
    step(done)
  })
}
