// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { open, readlink, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { DynamoAgentError } from '@dynamo-agent/core'
import { makeFolder } from '../make-folder.ts'
import { unwritable } from '../unwritable.ts'

/** A file, or a stream, that is written to once. */
export interface Output {
  /** Resolves when the system has taken the piece, whose memory may be used again then. */
  write(piece: Uint8Array): Promise<void>
  /** Bytes that the system has taken so far: fewer than were written here, where they are compressed on the way. */
  taken(): number
  /** Makes the file visible under its name. */
  finish(): Promise<void>
  /** Removes what is not visible yet; nothing to do once finish() is through. */
  discard(): Promise<void>
}

/**
 * Opens a file for writing beside its name: it takes the name only when it is
 * whole, so that a run that fails leaves nothing half-written and does not
 * harm what was there. Folders on the way are made. What is no regular file,
 * such as a device or a FIFO, is written to directly.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, also from write() and finish().
 */
export async function openOutput(path: string): Promise<Output> {
  return naming(path, async () => {
    const existing = await stat(path).catch(() => undefined)
    if (existing?.isDirectory() === true) throw new Error('it is a folder')
    if (existing !== undefined && !existing.isFile()) return openInPlace(path)
    return openBeside(path, await followLinks(path))
  })
}

/** Where a path leads, whether or not anything is there yet: a link stays, and its target is what is replaced. */
async function followLinks(path: string): Promise<string> {
  const target = await readlink(path).catch(() => undefined)
  if (target === undefined) return path
  try {
    return await realpath(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return followLinks(resolve(await realpath(dirname(path)), target))
  }
}

async function openBeside(name: string, path: string): Promise<Output> {
  await makeFolder(dirname(path))
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)
  const file = await open(unfinished, 'wx')
  return {
    ...counting((piece) => append(name, file, piece)),
    finish: () =>
      naming(name, async () => {
        await file.close()
        await rename(unfinished, path)
      }),
    async discard() {
      await file.close()
      await rm(unfinished, { force: true })
    },
  }
}

async function openInPlace(path: string): Promise<Output> {
  const file = await open(path, 'w')
  return {
    ...counting((piece) => append(path, file, piece)),
    finish: () => naming(path, () => file.close()),
    discard: () => file.close(),
  }
}

function append(name: string, file: FileHandle, piece: Uint8Array): Promise<void> {
  return naming(name, () => file.writeFile(piece))
}

function counting(write: Output['write']): Pick<Output, 'write' | 'taken'> {
  let taken = 0
  return {
    async write(piece) {
      await write(piece)
      taken += piece.length
    },
    taken: () => taken,
  }
}

/** An output that goes to a stream, which stays open. */
export function streamOutput(stream: Writable, name: string): Output {
  // A stream tells a failed write twice; unheard, the second time would end the process.
  const ignore = (): void => undefined
  stream.on('error', ignore)
  const release = (): Promise<void> => {
    stream.off('error', ignore)
    return Promise.resolve()
  }
  return {
    ...counting((piece) =>
      naming(
        name,
        () =>
          new Promise((resolve, reject) => {
            stream.write(piece, (error) => {
              if (error == null) resolve()
              else reject(error)
            })
          }),
      ),
    ),
    finish: release,
    discard: release,
  }
}

async function naming<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof DynamoAgentError) throw cause
    const advice = 'Name another file with -o, in a folder that you may write to.'
    throw unwritable({ what: `cannot write ${name}`, advice, cause })
  }
}
