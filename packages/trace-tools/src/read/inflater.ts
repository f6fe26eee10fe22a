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

/** Pieces in which damage is looked for: the larger they are, the more time it takes. */
export const PIECE_BYTES = 16 * 1024

/** Memory in which a stream inflates. */
const CHUNK_BYTES = 64 * 1024

/** What a follower of the leading stream is given at a time, where that one fails: the last one byte by byte. */
const FOLLOWER_STEPS = [1]

/**
 * A zlib stream that fails throws away all that it has inflated of the bytes
 * given to it last, and its state can neither be copied nor taken back. So a
 * second one follows one piece behind; where the first one fails, the second
 * one is given the failed piece byte by byte and hands over what it inflates
 * as it goes. Both work at the same time, in threads of their own.
 *
 * @param steps More than one where damage should cost less time and everything
 * else more: the followers find the place one after the other, each in smaller steps.
 */
export function createInflater(steps: readonly number[] = FOLLOWER_STEPS): Inflater {
  const leader = createStep()
  const followers = steps.map((bytes) => ({ bytes, stream: createStep() }))
  const last = followers.at(-1)?.stream ?? leader
  let behind: Uint8Array | undefined
  let inflated: readonly Uint8Array[] = []

  async function follow(bytes: Uint8Array): Promise<void> {
    await Promise.all(followers.map(({ stream }) => stream.write(bytes)))
    for (const { stream } of followers) stream.take()
  }
  /** @returns How many of the bytes make sense. */
  async function findDamage(bytes: Uint8Array): Promise<number> {
    let good = 0
    for (const [index, follower] of followers.entries()) {
      const from = good
      while (good < bytes.length) {
        const step = bytes.subarray(good, good + follower.bytes)
        await follower.stream.write(step)
        if (follower.stream.failed()) break
        good += step.length
      }
      for (const { stream } of followers.slice(index + 1)) await stream.write(bytes.subarray(from, good))
    }
    return good
  }

  return {
    async write(bytes) {
      await Promise.all([leader.write(bytes), behind && follow(behind)])
      behind = leader.failed() ? undefined : bytes
      if (behind !== undefined) {
        inflated = leader.take()
        return bytes.length
      }
      const taken = await findDamage(bytes)
      inflated = last.take()
      return taken
    },
    async end() {
      await leader.end()
      inflated = leader.take()
      return !leader.failed()
    },
    isPadded: () => last.isPadded(),
    take() {
      const taken = inflated
      inflated = []
      return taken
    },
    close() {
      leader.close()
      for (const { stream } of followers) stream.close()
    },
  }
}

/**
 * The same with half of the work, for data that can be read again: nothing
 * follows the first stream, and where it fails, others are given everything
 * from the beginning of the member to find the place.
 *
 * @param readAgain Gives all bytes of the member that were taken so far.
 * @param chunkBytes Memory in which it inflates, and how much it does before this thread is needed.
 */
export function createQuickInflater(readAgain: () => AsyncIterable<Uint8Array>, chunkBytes: number): Inflater {
  const leader = createStep(chunkBytes)
  let careful: Inflater | undefined
  let inflated: readonly Uint8Array[] = []

  async function writeCarefully(bytes: Uint8Array, to: Inflater): Promise<number> {
    const pieces: Uint8Array[] = []
    let taken = 0
    for (const piece of cut(bytes)) {
      const takenOfPiece = await to.write(piece)
      taken += takenOfPiece
      pieces.push(...to.take())
      if (takenOfPiece < piece.length) break
    }
    inflated = pieces
    return taken
  }

  return {
    async write(bytes) {
      if (careful !== undefined) return writeCarefully(bytes, careful)
      await leader.write(bytes)
      if (!leader.failed()) {
        inflated = leader.take()
        return bytes.length
      }
      leader.close()
      careful = createInflater([256, 1])
      for await (const chunk of readAgain()) await writeCarefully(chunk, careful)
      return writeCarefully(bytes, careful)
    },
    async end() {
      if (careful !== undefined) return careful.end()
      await leader.end()
      inflated = leader.take()
      return !leader.failed()
    },
    isPadded: () => careful?.isPadded() ?? false,
    take() {
      const taken = inflated
      inflated = []
      return taken
    },
    close() {
      leader.close()
      careful?.close()
    },
  }
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

/** Whether bytes that begin with a header make sense so far. */
export async function canInflate(bytes: Uint8Array): Promise<boolean> {
  const step = createStep()
  await step.write(bytes)
  step.close()
  return !step.failed()
}

/** A zlib stream that is used step by step. */
function createStep(chunkSize = CHUNK_BYTES) {
  const stream = createGunzip({ chunkSize })
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
