// SPDX-License-Identifier: Apache-2.0
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

// Plain descriptors, because a FileHandle that is collected before it is
// closed makes Node warn on stderr.
const open = promisify(fs.open)
const close = promisify(fs.close)
const write = promisify(fs.write)

/** `a` appends to a file or makes it; `ax` makes it and fails when it exists. */
type AppendFlag = 'a' | 'ax'

/** Opens a file for appending and makes its folder when that is missing. */
export async function openForAppend(path: string, flag: AppendFlag): Promise<number> {
  try {
    return await open(path, flag)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await fs.promises.mkdir(dirname(path), { recursive: true })
    return open(path, flag)
  }
}

export function openForAppendSync(path: string, flag: AppendFlag): number {
  try {
    return fs.openSync(path, flag)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    fs.mkdirSync(dirname(path), { recursive: true })
    return fs.openSync(path, flag)
  }
}

/** Writes everything, although one call may write less, and closes the file. */
export async function writeAndClose(fd: number, data: Buffer): Promise<void> {
  try {
    for (let offset = 0; offset < data.length; ) offset += (await write(fd, data, offset)).bytesWritten
  } finally {
    await close(fd)
  }
}

export function writeAndCloseSync(fd: number, data: Buffer): void {
  try {
    for (let offset = 0; offset < data.length; ) offset += fs.writeSync(fd, data, offset)
  } finally {
    fs.closeSync(fd)
  }
}

/** The code of a system error such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
